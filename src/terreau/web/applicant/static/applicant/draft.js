// A form that loses nothing: what could not be saved stays on this device, is offered back, and leaves once it is saved.
(() => {
  "use strict";
  const form = document.querySelector("form[data-file]");
  if (!form) return;
  const words = form.dataset;
  const prefix = `terreau:${words.person}:${words.file}:`;
  const store = {
    get(key) { try { return JSON.parse(localStorage.getItem(prefix + key)); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(prefix + key, JSON.stringify(value)); } catch { /* full or refused */ } },
    drop(key) { try { localStorage.removeItem(prefix + key); } catch { /* refused */ } },
  };
  const box = (element) => element.closest && element.closest(".answer[data-key]");
  const saving = (event) => (event.detail.elt.matches?.(".answer[data-key]") ? event.detail.elt : null);
  const control = (answer) => answer.querySelector("textarea, input[type=text], input:not([type])");
  const status = (answer) => document.getElementById(`saved-${answer.dataset.key}`);
  const hidden = (answer, name) => answer.querySelector(`input[name="${name}-${answer.dataset.key}"]`);
  const writer = form.querySelector("input[name=writer]");

  const keep = (answer) => {
    const field = control(answer);
    if (!field) return;
    const base = hidden(answer, "base");
    store.set(answer.dataset.key, { text: field.value, base: base ? base.value : "0", at: Date.now() });
  };

  form.addEventListener("input", (event) => {
    const answer = box(event.target);
    if (answer && !event.target.closest(".offer")) keep(answer);
  });

  // after each save: forget what the server now has; say what it does not
  const failed = (answer, text, link) => {
    const place = status(answer);
    if (!place) return;
    answer.dataset.unsaved = "1";
    const before = place.querySelector(".failure");
    if (before && before.dataset.text === text) return; // a link about to be clicked stays where it is
    if (before) before.remove();
    const line = document.createElement("p");
    line.className = "failure";
    line.dataset.text = text;
    line.textContent = `${text} `;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = `${words.signin}?next=${encodeURIComponent(location.pathname)}`;
      anchor.textContent = words.signinLabel;
      line.append(anchor);
    }
    place.append(line);
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const answer = saving(event);
    const field = answer && control(answer);
    if (field) answer.dataset.sent = field.value;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const answer = saving(event);
    if (!answer || !event.detail.successful) return;
    delete answer.dataset.unsaved;
    const field = control(answer);
    if (!field || field.value === answer.dataset.sent) store.drop(answer.dataset.key);
    else keep(answer);
  });
  document.addEventListener("htmx:sendError", (event) => {
    const answer = saving(event);
    if (answer) failed(answer, words.offline);
  });
  document.addEventListener("htmx:timeout", (event) => {
    const answer = saving(event);
    if (answer) failed(answer, words.offline);
  });
  document.addEventListener("htmx:responseError", (event) => {
    const answer = saving(event);
    if (!answer) return;
    const code = event.detail.xhr.status;
    keep(answer);
    if (code === 401) failed(answer, words.expired, true);
    else failed(answer, code === 403 || code === 404 ? words.refused : words.failure);
  });

  const again = () => {
    if (!navigator.onLine) return;
    form.querySelectorAll(".answer[data-unsaved]").forEach((answer) => htmx.trigger(answer, "change"));
  };
  window.addEventListener("online", again);
  setInterval(again, 20000);

  // which questions an answer shows or hides
  document.addEventListener("terreau:shown", (event) => {
    Object.entries(event.detail).forEach(([key, shown]) => {
      const answer = document.getElementById(`answer-${key}`);
      if (answer && typeof shown === "boolean") answer.hidden = !shown;
    });
  });

  // what an earlier visit could not save
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-secondary btn-sm";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const offer = (answer, kept) => {
    const field = control(answer);
    const notice = document.createElement("div");
    notice.className = "offer notice notice-warn";
    const inside = document.createElement("div");
    const title = document.createElement("p");
    title.textContent = words.offer;
    const text = document.createElement("blockquote");
    text.textContent = kept.text;
    const actions = document.createElement("p");
    actions.className = "form-actions";
    actions.append(
      button(words.restore, () => {
        field.value = kept.text;
        const base = hidden(answer, "base");
        if (base) base.value = kept.base;
        notice.remove();
        field.focus();
        htmx.trigger(field, "change");
      }),
      button(words.forget, () => {
        store.drop(answer.dataset.key);
        notice.remove();
        field.focus();
      }),
    );
    inside.append(title, text, actions);
    notice.append(inside);
    answer.prepend(notice);
  };
  form.querySelectorAll(".answer[data-key]").forEach((answer) => {
    const field = control(answer);
    const kept = store.get(answer.dataset.key);
    if (!field || !kept) return;
    if (kept.text === field.value || !writer) store.drop(answer.dataset.key);
    else offer(answer, kept);
  });

  // a whole form sent by its button needs nothing kept
  form.addEventListener("submit", () => { form.querySelectorAll(".answer[data-key]").forEach(keep); });
})();
