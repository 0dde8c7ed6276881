// What a page does without asking the server: theme, navigation, menus, copying, dialogs, and finding its way back after a lost connection.
// Everything hangs on attributes, so that it works on static and on interactive pages alike.

const root = document.documentElement;
const year = 60 * 60 * 24 * 365;

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

let openedDrawer = null;

function drawer(open) {
  if (open) {
    openedDrawer = document.activeElement;
    root.dataset.drawer = "open";
    document.querySelector(".main")?.setAttribute("inert", "");
    document.querySelector(".side a, .side button")?.focus();
  } else if (root.dataset.drawer) {
    delete root.dataset.drawer;
    document.querySelector(".main")?.removeAttribute("inert");
    openedDrawer?.focus();
  }
}

async function copy(button) {
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom)?.textContent : button.dataset.copy;
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source);
  } catch {
    // Not a secure context: select a copy of the text and use the older command.
    const area = document.createElement("textarea");
    area.value = source;
    area.className = "unseen";
    (button.closest("dialog") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.dataset.copied = "";
  announce("Copied");
  setTimeout(() => delete button.dataset.copied, 1600);
}

function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
}

const actions = {
  theme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
  },
  fold() {
    const folded = root.dataset.nav !== "folded";
    folded ? (root.dataset.nav = "folded") : delete root.dataset.nav;
    remember("nav", folded ? "folded" : "wide");
    document.querySelector("[data-action=fold]")?.setAttribute("aria-expanded", String(!folded));
  },
  "open-drawer": () => drawer(true),
  "close-drawer": () => drawer(false),
  search: () => document.querySelector("command-palette")?.open(),
  copy,
  reload: () => location.reload(),
  print: () => print(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) actions[button.dataset.action]?.(button);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const inside = menu.contains(event.target);
    if (!inside || event.target.closest(".menu-panel a, .menu-panel button")) menu.removeAttribute("open");
  }
  if (event.target.closest(".side a")) drawer(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    } else drawer(false);
  }
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const palette = document.querySelector("command-palette");
    if (palette && !document.querySelector("dialog[open]:not(.palette)")) {
      event.preventDefault();
      palette.open();
    }
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("main input[type=search]");
    event.preventDefault();
    if (search) {
      search.focus();
      search.select();
    } else document.querySelector("command-palette")?.open();
  }
});

// Where the focus goes when what had it is gone: to what had it, or to the nearest thing beside it that can be pressed, or to the page's heading.
const pressable = "a[href], button:not(:disabled), summary, input[type=checkbox]:not(:disabled)";

// To what had the focus last, outside of dialogs: they give it back themselves.
let way = [];

function wayTo(element) {
  const way = [];
  for (let at = element; at && at !== document.body && at.localName !== "main"; at = at.parentElement) way.push(at);
  return way;
}

function focusNear(way) {
  const seen = (element) => element.isConnected && element.checkVisibility();
  if (way[0] && seen(way[0])) {
    way[0].focus();
    if (document.activeElement === way[0]) return;
  }
  for (const at of way) {
    const next = at.isConnected && [...at.querySelectorAll(pressable)].find(seen);
    if (next) return next.focus();
  }
  document.querySelector("h1[tabindex='-1']")?.focus({ preventScroll: true });
}

// A dialog opens when it is put on the page, and gives the focus back when it is taken off.
customElements.define(
  "modal-dialog",
  class extends HTMLElement {
    connectedCallback() {
      // What opened it may be hidden by now, as an entry of a menu that has closed.
      this.way_ = document.activeElement === document.body ? way : wayTo(document.activeElement);
      queueMicrotask(() => {
        const dialog = this.querySelector("dialog");
        if (!dialog || dialog.open) return;
        // Esc asks the page, which may be busy, instead of closing at once.
        dialog.addEventListener("cancel", (event) => {
          event.preventDefault();
          dialog.querySelector("[data-dialog-close]")?.click();
        });
        dialog.showModal();
        (dialog.querySelector("[autofocus]") ?? dialog.querySelector("input:not([type=hidden]), select, textarea") ?? dialog.querySelector("button"))?.focus();
      });
    }

    disconnectedCallback() {
      const way = this.way_;
      requestAnimationFrame(() => {
        if (document.activeElement === document.body || !document.activeElement) focusNear(way);
      });
    }
  },
);

// The search over everything. Pages are on it from the start and are sorted out here, so that it answers at once; what the server finds joins them.
customElements.define(
  "command-palette",
  class extends HTMLElement {
    connectedCallback() {
      queueMicrotask(() => {
        this.dialog_ = this.querySelector("dialog");
        this.input_ = this.querySelector("input");
        if (!this.dialog_ || this.ready_) return;
        this.ready_ = true;
        this.input_.addEventListener("input", () => this.sort_());
        this.addEventListener("keydown", (event) => this.key_(event));
        this.addEventListener("click", (event) => {
          if (event.target === this.dialog_ || event.target.closest("[data-palette-close]") || event.target.closest(".palette-item")) this.dialog_.close();
        });
        this.addEventListener("pointermove", (event) => {
          const item = event.target.closest(".palette-item");
          if (item && item.getAttribute("aria-selected") !== "true") this.choose_(item, false);
        });
        new MutationObserver(() => this.sort_()).observe(this.querySelector(".palette-list"), { childList: true, subtree: true, attributes: true, attributeFilter: ["data-busy"] });
      });
    }

    open() {
      if (!this.dialog_ || this.dialog_.open) return;
      drawer(false);
      this.dialog_.showModal();
      this.input_.value = "";
      this.input_.dispatchEvent(new Event("input", { bubbles: true }));
      this.input_.focus();
    }

    get items_() {
      return [...this.querySelectorAll(".palette-item:not([hidden])")];
    }

    sort_() {
      const words = this.input_.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const item of this.querySelectorAll(".palette-item[data-words]")) {
        const text = item.dataset.words.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
      }
      for (const group of this.querySelectorAll("[role=group]")) group.hidden = !group.querySelector(".palette-item:not([hidden])");
      const items = this.items_;
      const busy = this.querySelector(".palette-list").hasAttribute("data-busy");
      this.querySelector(".palette-none span").hidden = items.length > 0 || busy;
      const chosen = items.find((item) => item.getAttribute("aria-selected") === "true" && this.value_ === this.input_.value);
      this.value_ = this.input_.value;
      this.choose_(chosen ?? items[0]);
    }

    choose_(item, scroll = true) {
      for (const other of this.querySelectorAll(".palette-item[aria-selected=true]")) if (other !== item) other.setAttribute("aria-selected", "false");
      if (!item) {
        this.input_.removeAttribute("aria-activedescendant");
        return;
      }
      item.setAttribute("aria-selected", "true");
      this.input_.setAttribute("aria-activedescendant", item.id);
      if (scroll) item.scrollIntoView({ block: "nearest" });
    }

    key_(event) {
      const items = this.items_;
      const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
      const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, PageDown: Math.min(at + 8, items.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
      if (to !== undefined && items.length > 0) {
        event.preventDefault();
        this.choose_(items[to]);
      } else if (event.key === "Enter" && event.target === this.input_) {
        event.preventDefault();
        items[at]?.click();
      }
    }
  },
);

// Which columns of a list are shown is the reader's own choice, remembered by the browser under the list's name.
customElements.define(
  "list-columns",
  class extends HTMLElement {
    connectedCallback() {
      const key = `columns:${this.dataset.name}`;
      this.dataset.hide = localStorage.getItem(key) ?? "";
      this.addEventListener("change", (event) => {
        const box = event.target.closest("[data-column]");
        if (!box) return;
        const hidden = new Set(this.dataset.hide.split(" ").filter(Boolean));
        box.checked ? hidden.delete(box.dataset.column) : hidden.add(box.dataset.column);
        this.dataset.hide = [...hidden].join(" ");
        this.dataset.hide ? localStorage.setItem(key, this.dataset.hide) : localStorage.removeItem(key);
      });
      this.addEventListener(
        "toggle",
        (event) => {
          if (!event.target.open) return;
          const hidden = this.dataset.hide.split(" ");
          for (const box of event.target.querySelectorAll("[data-column]")) box.checked = !hidden.includes(box.dataset.column);
        },
        true,
      );
    }
  },
);

// What needs the reader's eye first, such as a list of errors, takes the focus when it appears.
customElements.define(
  "take-focus",
  class extends HTMLElement {
    connectedCallback() {
      queueMicrotask(() => this.querySelector("[tabindex='-1']")?.focus());
    }
  },
);

// After a lost circuit: as soon as the server answers, the page comes back to where it was. Forms hear of it (see forms.js).
let isGone = false;

function watchReconnect() {
  const bar = document.getElementById("components-reconnect-modal");
  if (!bar || bar.dataset.watched !== undefined) return;
  bar.dataset.watched = "";
  let isLost = false;
  new MutationObserver(async () => {
    const isOver = /components-reconnect-(failed|rejected)/.test(bar.className);
    if (!isOver) {
      const wasLost = isLost;
      isLost = /components-reconnect-(show|retrying|paused)/.test(bar.className);
      if (wasLost && !isLost) document.dispatchEvent(new Event("circuit-back"));
      return;
    }
    if (isGone) return;
    isGone = true;
    document.dispatchEvent(new Event("circuit-gone"));
    for (;;) {
      try {
        if ((await fetch("/img/favicon.svg", { cache: "no-store" })).status < 500) break;
      } catch {
        // Still away.
      }
      await new Promise((resume) => setTimeout(resume, 1000));
    }
    location.reload();
  }).observe(bar, { attributes: true, attributeFilter: ["class"] });
}

// Nobody is asked whether to leave a page that must be loaded again: what was typed is kept.
addEventListener("beforeunload", (event) => isGone && event.stopImmediatePropagation(), true);

watchReconnect();
document.addEventListener("DOMContentLoaded", watchReconnect, { once: true });

// What had the focus may be taken off the page: a heading that stood for a page that was loading, a button of a row that changed. Its neighbour gets it.
document.addEventListener("focusin", (event) => {
  if (!event.target.closest?.("dialog")) way = wayTo(event.target);
});
new MutationObserver(() => {
  if (way.length === 0 || way[0].isConnected || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
  const gone = way;
  way = [];
  focusNear(gone[0].localName === "h1" ? [] : gone);
}).observe(document.body, { childList: true, subtree: true });

// A menu is placed on the window, so that no table or card cuts it off; above its button where there is no room below.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches("details.menu[open]")) return;
    for (const other of document.querySelectorAll("details.menu[open]")) if (other !== menu) other.removeAttribute("open");
    const panel = menu.querySelector(".menu-panel");
    const button = menu.querySelector("summary").getBoundingClientRect();
    panel.style.position = "fixed";
    const height = panel.offsetHeight;
    const above = button.bottom + 4 + height > innerHeight && button.top - 4 - height > 0;
    panel.style.top = `${above ? button.top - 4 - height : button.bottom + 4}px`;
    panel.style.bottom = "auto";
    const left = panel.classList.contains("from-left") ? button.left : button.right - panel.offsetWidth;
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.right = "auto";
    panel.querySelector("[data-menu-focus]")?.focus();
  },
  true,
);
addEventListener("scroll", () => document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open")), { passive: true });

// Shows itself where the browser has passkeys.
customElements.define(
  "passkey-sign-in",
  class extends HTMLElement {
    async connectedCallback() {
      const passkeys = await import("./passkeys.js");
      if (!passkeys.areSupported()) return;
      this.hidden = false;
      this.querySelector("button").addEventListener("click", () => passkeys.signIn(this.querySelector("form")));
    }
  },
);
