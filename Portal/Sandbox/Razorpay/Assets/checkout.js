// The sandbox's stand-in for https://checkout.razorpay.com/v1/checkout.js: the same constructor, options and events.
(() => {
  'use strict';

  const base = new URL('..', document.currentScript.src); // …/sandbox/razorpay/
  let open = null;

  const loadStyle = () => {
    if (document.querySelector('link[data-rzp-sandbox]')) return;
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL('assets/overlay.css', base);
    link.dataset.rzpSandbox = '';
    document.head.append(link);
  };

  // The page may be dark by its own choice, whatever the system says.
  const scheme = () => {
    const words = getComputedStyle(document.documentElement).colorScheme.split(' ');
    const dark = words.includes('dark'), light = words.includes('light');
    return dark === light ? '' : dark ? 'dark' : 'light';
  };

  class Razorpay {
    #options;
    #listeners = new Map();
    #dialog = null;
    #frame = null;
    #opener = null;

    constructor(options) {
      if (!options || !options.key) throw new Error('No key passed');
      if (!options.order_id) throw new Error('The sandbox needs an order_id: payments without an order are never captured.');
      this.#options = options;
    }

    on(event, listener) {
      const list = this.#listeners.get(event) ?? [];
      list.push(listener);
      this.#listeners.set(event, list);
      return this;
    }

    open() {
      if (open) return this;
      open = this;
      loadStyle();
      this.#opener = document.activeElement;
      const dialog = document.createElement('dialog');
      dialog.className = 'rzp-sandbox';
      dialog.setAttribute('aria-label', 'Payment checkout (sandbox)');
      const frame = document.createElement('iframe');
      frame.title = 'Payment checkout (sandbox)';
      frame.allow = 'payment';
      frame.src = new URL('checkout', base);
      dialog.append(frame);
      dialog.addEventListener('cancel', event => {
        event.preventDefault();
        if (this.#options.modal?.escape !== false) this.#send({ type: 'close' });
      });
      dialog.addEventListener('click', event => {
        if (event.target === dialog && this.#options.modal?.backdropclose === true) this.#send({ type: 'close' });
      });
      [this.#dialog, this.#frame] = [dialog, frame];
      addEventListener('message', this.#receive);
      document.body.append(dialog);
      document.documentElement.classList.add('rzp-sandbox-open');
      dialog.showModal(); // What is behind is inert now: focus stays inside.
      frame.focus();
      return this;
    }

    close() {
      this.#end();
    }

    #receive = event => {
      if (event.origin !== base.origin || event.source !== this.#frame?.contentWindow) return;
      const message = event.data ?? {};
      if (message.type === 'ready') this.#send({ type: 'options', options: this.#plain(), scheme: scheme() });
      else if (message.type === 'success') this.#succeed(message.response);
      else if (message.type === 'failed') this.#emit('payment.failed', { error: message.error });
      else if (message.type === 'dismiss') {
        this.#end();
        this.#options.modal?.ondismiss?.();
      }
    };

    // Functions don't cross into a frame.
    #plain() {
      const { key, name, description, order_id, image, prefill, notes, theme, modal, timeout, retry } = this.#options;
      return JSON.parse(JSON.stringify({
        key, name, description, order_id, image, prefill, notes, theme, timeout, retry,
        modal: { confirm_close: modal?.confirm_close === true, escape: modal?.escape !== false },
      }));
    }

    #succeed(response) {
      this.#end();
      this.#emit('payment.success', response);
      if (this.#options.callback_url && (this.#options.redirect || !this.#options.handler)) this.#post(this.#options.callback_url, response);
      else this.#options.handler?.(response);
    }

    #post(url, fields) {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = url;
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement('input');
        input.type = 'hidden';
        input.name = name;
        input.value = value;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    }

    #emit(event, detail) {
      for (const listener of this.#listeners.get(event) ?? []) listener(detail);
    }

    #send(message) {
      this.#frame?.contentWindow?.postMessage(message, base.origin);
    }

    #end() {
      if (!this.#dialog) return;
      removeEventListener('message', this.#receive);
      this.#dialog.close();
      this.#dialog.remove();
      document.documentElement.classList.remove('rzp-sandbox-open');
      this.#opener?.focus?.();
      this.#dialog = this.#frame = this.#opener = open = null;
    }
  }

  window.Razorpay = Razorpay;
})();
