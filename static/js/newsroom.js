/* Loaded in the head, before anything is painted: a chosen theme shows from the first frame on. */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const NAMES = { light: "light", dark: "dark" };
  let chosen = null;

  const show = () => {
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    // The browser's own frame has the colour of the page.
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const theme = (meta.dataset.theme ||= meta.media.includes("dark") ? "dark" : "light");
      meta.media = chosen ? (chosen === theme ? "all" : "not all") : `(prefers-color-scheme: ${theme})`;
    }
    const name = document.querySelector(".theme-name");
    if (name) name.textContent = NAMES[chosen] || "automatic";
  };

  // From the system's colours to the others, to the system's for good, and back to whatever the system says.
  const next = () => {
    const [same, other] = system.matches ? ["dark", "light"] : ["light", "dark"];
    return chosen === null ? other : chosen === other ? same : null;
  };

  // Storage may be closed to this site: then the choice lasts as long as the page.
  try { chosen = localStorage.getItem("theme"); } catch {}
  if (!NAMES[chosen]) chosen = null;
  show();

  addEventListener("DOMContentLoaded", () => {
    const themeSwitch = document.querySelector(".theme-switch");
    if (themeSwitch) {
      themeSwitch.hidden = false;
      themeSwitch.addEventListener("click", () => {
        chosen = next();
        try {
          if (chosen) localStorage.setItem("theme", chosen);
          else localStorage.removeItem("theme");
        } catch {}
        show();
      });
    }
    show();

    // Nothing comes from a provider before somebody asks for it.
    for (const ask of document.querySelectorAll(".embed-ask")) {
      ask.hidden = false;
      const button = ask.firstElementChild;
      button.addEventListener("click", () => {
        const frame = document.createElement("iframe");
        frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
        frame.referrerPolicy = "strict-origin-when-cross-origin";
        const { src, allow, title } = button.dataset;
        Object.assign(frame, { allow, title, src });
        ask.parentElement.replaceChildren(frame);
        frame.focus();
      });
    }

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
