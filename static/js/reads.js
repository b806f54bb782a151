/* Reports that a story is read: once a page, when somebody looks at it. No cookie, nothing about who it is. */
(() => {
  const { article, reads } = document.currentScript.dataset;
  const NOTE = "came-from";
  const SECONDS = 5;
  const SEARCH = /(^|\.)search\.|^(www\.)?google\.|\.googlequicksearchbox$|(^|\.)(baidu|bing|duckduckgo|ecosia|kagi|naver|qwant|seznam|sogou|startpage|yandex)\.[a-z.]+$/;
  const SOCIAL = /(^|\.)(bsky\.app|facebook\.com|instagram\.com|linkedin\.(com|android)|lnkd\.in|news\.ycombinator\.com|pinterest\.[a-z.]+|reddit\.com|t\.co|t\.me|telegram\.org|threads\.(com|net)|tiktok\.com|tumblr\.com|twitter\.com|vk\.com|weibo\.com|whatsapp\.com|x\.com|youtube\.com)$|^mastodon\.|\.social$/;

  // A link in one of the lists leaves a note for the page to which it leads. Storage may be closed: then none does.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-origin] a[href]");
    if (!link) return;
    const { origin } = link.closest("[data-origin]").dataset;
    try { sessionStorage.setItem(NOTE, `${origin} ${link.pathname}`); } catch {}
  });

  const takeNote = () => {
    try {
      const [origin, path] = (sessionStorage.getItem(NOTE) || "").split(" ");
      sessionStorage.removeItem(NOTE);
      return path === location.pathname && origin;
    } catch {}
  };

  const originOf = (referrer) => {
    if (!referrer) return "direct";
    const { host, hostname } = new URL(referrer);
    if (host === location.host) return "site";
    return SEARCH.test(hostname) ? "search" : SOCIAL.test(hostname) ? "social" : "elsewhere";
  };

  const begin = () => {
    const from = takeNote() || originOf(document.referrer);
    if (!article) return;
    const story = document.querySelector("article");
    let left = SECONDS * 1000;
    let since, timer;

    const send = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", watch);
      removeEventListener("scroll", measure);
      const body = new URLSearchParams({ article, from });
      if (navigator.sendBeacon?.(reads, body)) return;
      fetch(reads, { method: "POST", body, keepalive: true }).catch(() => {});
    };

    // Seconds before somebody's eyes add up; those in the background are none.
    const watch = () => {
      clearTimeout(timer);
      if (since) left -= performance.now() - since;
      since = document.visibilityState === "visible" ? performance.now() : 0;
      if (since) timer = setTimeout(send, Math.max(left, 0));
    };

    const measure = () => {
      const { top, height } = story.getBoundingClientRect();
      if (since && -top > height / 4) send();
    };

    document.addEventListener("visibilitychange", watch);
    addEventListener("scroll", measure, { passive: true });
    watch();
  };

  // What the browser fetches ahead is not looked at yet, and perhaps never.
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
