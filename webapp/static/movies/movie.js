"use strict";
// The trailer plays in the page instead of on YouTube, and the page can be shared. Nothing is loaded before a click.
(() => {
  const play = ({ embed, label, close }) => {
    const dialog = document.createElement("dialog"), end = document.createElement("button"), frame = document.createElement("iframe");
    dialog.className = "player";
    dialog.setAttribute("aria-label", label);
    end.type = "button";
    end.textContent = close;
    frame.title = label;
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = `${embed}?autoplay=1`;
    end.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(end, frame);
    document.body.append(dialog);
    dialog.showModal();
  };
  for (const link of document.querySelectorAll("a[data-embed]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.title = link.title;
    button.append(...link.childNodes);
    button.addEventListener("click", () => play(link.dataset));
    link.replaceWith(button);
  }

  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share && !navigator.clipboard) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const url = document.querySelector("link[rel=canonical]")?.href ?? location.href;
      try {
        if (navigator.share) return await navigator.share({ title: document.title, url });
        await navigator.clipboard.writeText(url);
        button.textContent = button.dataset.done;
        document.querySelector("[data-announcer]").textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 2500);
      } catch { /* cancelled by the user, or not permitted */ }
    });
  }
})();
