// What was typed into a form outlives the connection: it is told to the server again when the same circuit is back, and put in again when the page
// had to be loaded anew. It is kept by this tab alone, for the person who typed it, until it is saved or given up. Secrets and files are not kept.

const settle = 15_000;
const unkept = "[type=password], [type=file], [type=search], [type=submit], [type=button], [data-unkept]";

const isBox = (field) => field.type === "checkbox" || field.type === "radio";
const read = (field) => (isBox(field) ? field.checked : field.value);

function tell(field) {
  if (!isBox(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

customElements.define(
  "form-draft",
  class extends HTMLElement {
    static observedAttributes = ["data-live", "data-changed"];

    connectedCallback() {
      this.listeners_ = new AbortController();
      const { signal } = this.listeners_;
      for (const type of ["input", "change"]) this.addEventListener(type, (event) => this.typed_(event.target), { signal });
      this.addEventListener("click", (event) => event.target.closest("[data-draft-discard]") && this.discard_(), { signal });
      document.addEventListener("circuit-back", () => this.tellAgain_(), { signal });
      addEventListener("pagehide", () => this.keep_(), { signal });
      queueMicrotask(() => this.begin_());
    }

    disconnectedCallback() {
      this.listeners_.abort();
      this.watcher_?.disconnect();
      // Left, cancelled or saved: this is not called when the page is loaded anew.
      queueMicrotask(() => this.isBegun_ && !this.isConnected && this.forget_());
    }

    attributeChangedCallback(name, before, now) {
      if (name === "data-live") queueMicrotask(() => this.begin_());
      if (name === "data-changed" && before !== null && now === null && this.isBegun_) this.saved_();
    }

    get fields_() {
      return [...this.querySelectorAll("input[id], textarea[id], select[id]")].filter((field) => !field.matches(unkept) && !/password|one-time-code/.test(field.autocomplete));
    }

    begin_() {
      if (this.isBegun_ || !this.isConnected || this.dataset.live === undefined) return;
      this.isBegun_ = true;
      // A form in a dialog is not there after the page was loaded anew.
      this.key_ = this.closest("dialog") ? null : `draft:${this.dataset.person}:${location.pathname}:${this.dataset.form}`;
      this.touched_ = new Set();
      this.first_ = new Map(this.fields_.map((field) => [field.id, read(field)]));
      const stored = this.key_ && sessionStorage.getItem(this.key_);
      if (stored) this.putBack_(new Map(Object.entries(JSON.parse(stored))));
    }

    typed_(field) {
      if (!this.isBegun_ || !field.id) return;
      // What the page itself has filled in until somebody types was typed by nobody.
      if (this.touched_.size === 0) for (const other of this.fields_) if (other !== field) this.first_.set(other.id, read(other));
      this.touched_.add(field.id);
      this.keep_();
    }

    keep_() {
      if (!this.isBegun_ || !this.key_ || this.isForgotten_ || (this.touched_.size === 0 && !this.missing_)) return;
      const values = Object.fromEntries(this.missing_ ?? []);
      for (const field of this.fields_) if (read(field) !== (this.first_.get(field.id) ?? (isBox(field) ? false : ""))) values[field.id] = read(field);
      Object.keys(values).length ? sessionStorage.setItem(this.key_, JSON.stringify(values)) : sessionStorage.removeItem(this.key_);
    }

    forget_() {
      this.isForgotten_ = true;
      if (this.key_) sessionStorage.removeItem(this.key_);
    }

    saved_() {
      this.missing_ = null;
      this.touched_.clear();
      this.first_ = new Map(this.fields_.map((field) => [field.id, read(field)]));
      if (this.key_) sessionStorage.removeItem(this.key_);
      this.querySelector("[data-draft-note]")?.setAttribute("hidden", "");
    }

    discard_() {
      this.forget_();
      // As if nothing had been typed: nobody is asked whether to leave it.
      addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);
      location.reload();
    }

    tellAgain_() {
      if (!this.isBegun_) return;
      for (const field of this.fields_) if (this.touched_.has(field.id)) tell(field);
    }

    // Some fields appear only once others have their value, and rows of a list once they are asked for: what is missing is put in as it appears.
    putBack_(values) {
      this.missing_ = values;
      let isChanged = false;
      const step = () => {
        for (const field of this.fields_) {
          if (!values.has(field.id) || field.disabled) continue;
          const value = values.get(field.id);
          values.delete(field.id);
          if (read(field) === value) continue;
          isBox(field) ? (field.checked = value) : (field.value = value);
          isChanged = true;
          tell(field);
        }
        const more = [...this.querySelectorAll("[data-draft-more]")].find((button) => [...values.keys()].some((id) => id.startsWith(button.dataset.draftMore)));
        if (more && !more.disabled && more.ariaBusy !== "true") more.click();
        if (values.size === 0) end();
      };
      const end = () => {
        this.watcher_?.disconnect();
        this.missing_ = null;
        if (isChanged) this.querySelector("[data-draft-note]")?.removeAttribute("hidden");
      };
      this.watcher_ = new MutationObserver(step);
      this.watcher_.observe(this, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "aria-busy"] });
      setTimeout(() => this.missing_ && end(), settle);
      step();
    }
  },
);
