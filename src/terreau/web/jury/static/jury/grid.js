// The button waits for the save in flight: otherwise the same hand would meet its own older text as a conflict.
(() => {
  "use strict";
  const form = document.querySelector("#grille form[hx-post]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    if (!form.classList.contains("htmx-request")) return;
    event.preventDefault();
    const button = event.submitter;
    form.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(button)), { once: true });
  });
})();
