/* Loaded in the head, before anything is painted: a chosen theme shows from the first frame on. */
(() => {
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;

  const isDark = () => (chosen ? chosen === "dark" : prefersDark.matches);
  const show = () => {
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    document.querySelector(".theme-switch")?.setAttribute("aria-pressed", isDark());
  };

  // Storage may be closed to this site: then the choice lasts as long as the page.
  try { chosen = localStorage.getItem("theme"); } catch {}
  show();

  addEventListener("DOMContentLoaded", () => {
    const themeSwitch = document.querySelector(".theme-switch");
    if (themeSwitch) {
      themeSwitch.hidden = false;
      themeSwitch.addEventListener("click", () => {
        const theme = isDark() ? "light" : "dark";
        // What the system wants anyway needs no choice: the page follows the system again.
        chosen = (theme === "dark") === prefersDark.matches ? null : theme;
        try {
          if (chosen) localStorage.setItem("theme", chosen);
          else localStorage.removeItem("theme");
        } catch {}
        show();
      });
    }
    prefersDark.addEventListener("change", show);
    show();

    const share = document.querySelector(".share-button");
    if (share) {
      const button = share.firstElementChild;
      const { url, title } = button.dataset;
      if (navigator.share) button.textContent = "Share …";
      share.hidden = !(navigator.share || navigator.clipboard);
      button.addEventListener("click", async () => {
        try {
          if (navigator.share) return await navigator.share({ url, title });
          await navigator.clipboard.writeText(url);
          button.textContent = "Link copied";
        } catch {}
      });
    }
  });
})();
