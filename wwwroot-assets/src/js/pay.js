// Opens the payment gateway's checkout. What it reports is never the truth about money: the server checks the signature and asks the gateway.

const scripts = new Map();

function load(url) {
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = url;
      script.async = true;
      script.onload = resolve;
      script.onerror = () => {
        script.remove();
        scripts.delete(url); // A later click may find the network again.
        reject(new Error('The payment window could not be loaded. Check your connection and try again.'));
      };
      document.head.append(script);
    }));
  }
  return scripts.get(url);
}

async function open({ scriptUrl, ...checkout }, onSuccess, onFailure, onDismiss) {
  await load(scriptUrl);
  const razorpay = new window.Razorpay({ ...checkout, handler: onSuccess, modal: { ...checkout.modal, ondismiss: onDismiss } });
  razorpay.on('payment.failed', ({ error }) => onFailure(error?.description ?? 'The payment failed.'));
  razorpay.open();
}

/**
 * For a page with a circuit. Calls CheckoutSucceeded(paymentId, orderId, signature), CheckoutFailed(description) after each attempt that
 * failed (the window stays open for another), or CheckoutDismissed().
 * options: scriptUrl, fallbackUrl (where to post the answer when the circuit is gone), and the checkout's own (key, order_id, amount, currency, name ...).
 * Rejects when the checkout can't be loaded.
 */
export function openCheckout({ fallbackUrl, ...options }, dotNetRef) {
  const quietly = (...call) => dotNetRef.invokeMethodAsync(...call).catch(() => { /* The circuit is gone, and there is nothing to save. */ });
  return open(
    options,
    answer => dotNetRef.invokeMethodAsync('CheckoutSucceeded', answer.razorpay_payment_id, answer.razorpay_order_id, answer.razorpay_signature)
      .catch(() => { if (fallbackUrl) post(fallbackUrl, answer); }),
    description => quietly('CheckoutFailed', description),
    () => quietly('CheckoutDismissed'));
}

/** For a page without a circuit: posts razorpay_payment_id, razorpay_order_id and razorpay_signature as a form to callbackUrl and goes there. */
export function openCheckoutForPage(options, callbackUrl, onFailure = () => {}, onDismiss = () => {}) {
  return open(options, answer => post(callbackUrl, answer), onFailure, onDismiss);
}

/**
 * Makes <button data-checkout='{options as JSON}' data-checkout-callback="/url"> open the checkout; what goes wrong is written into the
 * element that its data-checkout-status names. No inline script is needed.
 */
export function bindCheckoutButtons(root = document) {
  for (const button of root.querySelectorAll('button[data-checkout]:not([data-checkout-bound])')) {
    button.dataset.checkoutBound = '';
    const status = document.getElementById(button.dataset.checkoutStatus ?? '');
    const say = text => { if (status) status.textContent = text; };
    button.addEventListener('click', async () => {
      button.disabled = true;
      say('');
      try {
        await openCheckoutForPage(JSON.parse(button.dataset.checkout), button.dataset.checkoutCallback, say, () => { button.disabled = false; button.focus(); });
      } catch (error) {
        say(error.message);
        button.disabled = false;
      }
    });
  }
}

function post(url, fields) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = url;
  for (const name of ['razorpay_payment_id', 'razorpay_order_id', 'razorpay_signature']) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value: fields[name] ?? '' });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

bindCheckoutButtons();
