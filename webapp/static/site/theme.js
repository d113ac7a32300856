"use strict";
// Runs before the page is rendered, to prevent a flash of the wrong theme.
document.documentElement.classList.add("js");
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* storage may be blocked; then the system's preference applies */ }
})();
