// The committee room: a moved slider shows its figure at once, a released one asks for the optimum again.
(() => {
  "use strict";
  const form = document.getElementById("room");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const listed = (name) => new Set(field(name).value.split(",").filter(Boolean));
  const keep = (name, set) => { field(name).value = [...set].sort().join(","); };

  form.addEventListener("input", (event) => {
    if (event.target.type !== "range") return;
    const shown = form.querySelector(`output[for="${CSS.escape(event.target.id)}"]`);
    if (!shown) return;
    const value = Number(event.target.value).toLocaleString(document.documentElement.lang);
    shown.textContent = `${value} ${shown.dataset.unit}`.trim();
  });
  form.addEventListener("change", (event) => {
    if ("live" in event.target.dataset) form.requestSubmit();
  });
  // Forced in, forced out, free: the form itself holds the three lists, so a later click loses no earlier one.
  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="set"][form="room"]');
    if (!button) return;
    event.preventDefault();
    const cut = button.value.lastIndexOf(":");
    const reference = button.value.slice(0, cut);
    const sway = button.value.slice(cut + 1);
    for (const [name, side] of [["forced", "in"], ["excluded", "out"]]) {
      const set = listed(name);
      set.delete(reference);
      if (sway === side) set.add(reference);
      keep(name, set);
    }
    for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
    form.requestSubmit();
  });
})();
