// What the pages gain from JavaScript beside htmx; nothing depends on it.
(() => {
  "use strict";
  const say = (key, address) => {
    const region = document.getElementById("messages");
    const text = document.body.dataset[key];
    if (!region || !text) return;
    const notice = document.createElement("div");
    notice.className = "notice notice-bad";
    const words = document.createElement("p");
    words.textContent = text;
    if (address) {
      const link = document.createElement("a");
      link.href = address;
      link.append(...words.childNodes);
      words.replaceChildren(link);
    }
    notice.append(words);
    region.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  let leaving = false; // a request that one's own click cuts short is no failure; a download leaves the page in place
  window.addEventListener("beforeunload", () => {
    leaving = true;
    setTimeout(() => (leaving = false), 5000);
  });
  document.addEventListener("htmx:sendError", () => leaving || say("offline"));
  document.addEventListener("htmx:timeout", () => say("offline"));
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    if (answer.status >= 500) say("failure");
    if (answer.status === 401) say("expired", answer.getResponseHeader("X-Sign-In"));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 422) return; // what was refused comes back with its reason: show it
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });
  const summary = document.getElementById("form-errors");
  if (summary) summary.focus();
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.nav-toggle[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
