"use strict";
// Gives the viewer the colours of the site, also when the theme changes.
(() => {
  const viewer = document.querySelector("rapi-doc"), system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const root = document.documentElement, styles = getComputedStyle(root);
    const colour = (name) => styles.getPropertyValue(name).trim();
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
    const painted = {
      theme: dark ? "dark" : "light", "bg-color": colour("--surface"), "text-color": colour("--ink"), "primary-color": colour("--accent"),
      "nav-bg-color": colour("--paper"), "nav-text-color": colour("--ink"), "nav-hover-bg-color": colour("--stage"), "nav-accent-color": colour("--accent"),
    };
    for (const [name, value] of Object.entries(painted)) viewer.setAttribute(name, value);
  };
  paint();
  system.addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
