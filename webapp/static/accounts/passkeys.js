"use strict";
// Creates a passkey, or signs in with one, and sends the browser's response with the form.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const create = async (options) => {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    const response = { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) };
    return { id: made.id, rawId: text(made.rawId), type: made.type, response };
  };

  const get = async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const response = {
      clientDataJSON: text(found.response.clientDataJSON),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
    };
    return { id: found.id, rawId: text(found.rawId), type: found.type, response };
  };

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const options = JSON.parse(form.dataset.options), ask = form.dataset.passkey === "create" ? create : get;
    const button = form.querySelector("button"), fault = form.querySelector(".fault");
    form.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      fault.hidden = true;
      try {
        form.elements.passkey.value = JSON.stringify(await ask(options));
        form.submit();
      } catch {
        fault.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
