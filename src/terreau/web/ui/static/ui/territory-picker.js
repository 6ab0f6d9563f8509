// The choice of territories, better with JavaScript: what is ticked joins the list, a click on the map adds an area.
(() => {
  "use strict";
  if (window.terreauPicker) return;
  window.terreauPicker = true;
  const boxes = (picker) => [...picker.querySelectorAll(".picker-chosen input[type=checkbox]")];
  const chosen = (picker, value) => boxes(picker).find((box) => box.value === value);
  const changed = (box) => box.dispatchEvent(new Event("change", { bubbles: true }));
  const ready = (root) => {
    root.querySelectorAll(".picker").forEach((picker) => {
      picker.querySelector(".picker-fold")?.removeAttribute("hidden");
      const search = picker.querySelector(".picker-search input");
      search?.removeAttribute("name"); // typed text is not an answer; htmx sends it under `q`
      picker.querySelector(".picker-search button")?.setAttribute("type", "button");
    });
  };
  document.addEventListener("htmx:configRequest", (event) => {
    const search = event.target.closest?.(".picker-search");
    if (search) event.detail.parameters.q = search.querySelector("input").value;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".picker-search input")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".picker-search button");
    if (button) htmx.trigger(button.parentElement.querySelector("input"), "search");
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    const picker = box.closest?.(".picker");
    if (!picker || !box.checked || !box.closest(".picker-results")) return;
    const known = chosen(picker, box.value);
    if (known) {
      known.checked = true;
      box.closest("li").remove();
    } else {
      picker.querySelector(".picker-chosen").append(box.closest("li"));
    }
    box.focus();
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest?.("[data-add]");
    if (!link) return;
    const value = new URLSearchParams(link.getAttribute("hx-get").split("?")[1]).get("key");
    const known = chosen(link.closest(".picker"), value);
    if (!known) return;
    event.preventDefault();
    known.checked = true;
    changed(known);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const link = event.target.closest?.("[data-add]");
    if (!link || !event.detail.successful) return;
    const list = link.closest(".picker").querySelector(".picker-chosen");
    const holder = document.createElement("template");
    holder.innerHTML = event.detail.xhr.responseText;
    list.append(holder.content);
    link.classList.add("picked");
    changed(list.lastElementChild.querySelector("input"));
  });
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt.parentElement || document));
  ready(document);
})();
