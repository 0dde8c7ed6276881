// The checkout inside the frame. It learns what to pay from the sandbox, and how to look from the page around it.
const $ = id => document.getElementById(id);
const api = '/sandbox/razorpay/checkout';
const steps = ['methods', 'otp-step', 'bank-step', 'wait-step', 'done-step', 'leave-step'];
const titles = { methods: 'Payment options', 'otp-step': 'Confirm with your bank', 'bank-step': 'Bank', 'wait-step': 'Processing', 'done-step': 'Paid', 'leave-step': 'Leave checkout' };
const testCards = [
  ['4100 2800 0000 1007', 'Visa'], ['5500 6700 0000 1002', 'Mastercard'], ['6527 6589 0000 1005', 'RuPay'], ['3608 280009 1007', 'Diners'],
  ['3402 560004 01007', 'Amex'], ['5555 5555 5555 4444', 'International'],
  ['4100 2800 0008 0001', 'Not enough money', true], ['4100 2800 0006 0003', 'Declined', true], ['4100 2800 0009 0000', 'Timed out', true],
  ['4100 2800 0007 0002', 'Cancelled', true], ['4100 2800 0003 0006', 'Not enabled online', true], ['4100 2800 0000 0009', 'Not authenticated', true],
];
const banks = { HDFC: 'HDFC Bank', ICIC: 'ICICI Bank', SBIN: 'State Bank of India', UTIB: 'Axis Bank', KKBK: 'Kotak Mahindra Bank', PUNB_R: 'Punjab National Bank' };

let options = null, order = null, step = 'methods', before = 'methods', busy = false, finished = false;

const tell = message => parent.postMessage(message, location.origin);
const money = () => new Intl.NumberFormat(order.currency === 'INR' ? 'en-IN' : navigator.language, { style: 'currency', currency: order.currency }).format(order.amount);

function show(next, focus) {
  step = next;
  for (const id of steps) $(id).hidden = id !== next;
  $('title').textContent = titles[next];
  $('back').hidden = next !== 'otp-step' && next !== 'bank-step';
  (focus ? $(focus) : $('title')).focus();
}

function notice(text) {
  $('notice').hidden = !text;
  $('notice').textContent = text ?? '';
}

function fault(id, text) {
  const field = $(id), error = $(`${id === 'bank' ? 'bank' : id}-error`);
  if (error) error.textContent = text ?? '';
  field?.setAttribute('aria-invalid', text ? 'true' : 'false');
  if (text) field?.focus();
  return !text;
}

function chooseTab(tab, focus = true) {
  for (const it of document.querySelectorAll('[role=tab]')) {
    const chosen = it === tab;
    it.setAttribute('aria-selected', String(chosen));
    it.tabIndex = chosen ? 0 : -1;
    $(it.getAttribute('aria-controls')).hidden = !chosen;
  }
  if (focus) tab.focus();
}

async function pay(means, waitText) {
  if (busy) return;
  busy = true;
  notice();
  $('wait-text').textContent = waitText;
  show('wait-step');
  try {
    const response = await fetch(`${api}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        keyId: options.key, orderId: options.order_id, email: options.prefill?.email, contact: options.prefill?.contact,
        description: options.description, notes: words(options.notes), ...means,
      }),
    });
    const answer = await response.json();
    if (!response.ok) fail(answer.error, false);
    else if (answer.error) fail(answer.error, true);
    else succeed(answer);
  } catch {
    fail({ description: 'The sandbox could not be reached. Try again.' }, false);
  } finally {
    busy = false;
  }
}

// Notes may hold numbers; the sandbox takes text.
const words = notes => notes && Object.fromEntries(Object.entries(notes).map(([name, value]) => [name, String(value)]));

function fail(error, attempted) {
  show('methods');
  notice(`${error?.description ?? 'The payment did not go through.'} ${attempted ? 'Nothing was charged: try again, or another way.' : ''}`.trim());
  if (attempted) tell({ type: 'failed', error });
}

function succeed(answer) {
  finished = true;
  $('done-id').textContent = answer.payment_id;
  show('done-step');
  setTimeout(() => tell({
    type: 'success',
    response: { razorpay_payment_id: answer.payment_id, razorpay_order_id: answer.order_id, razorpay_signature: answer.signature },
  }), matchMedia('(prefers-reduced-motion: reduce)').matches ? 300 : 900);
}

function close() {
  if (busy || finished) return;
  if (!options?.modal?.confirm_close || step === 'leave-step') tell({ type: 'dismiss' });
  else {
    before = step;
    show('leave-step', 'stay');
  }
}

async function start(message) {
  options = message.options;
  if (message.scheme) document.documentElement.dataset.scheme = message.scheme;
  if (/^#[0-9a-f]{6}$/i.test(options.theme?.color ?? '')) paint(options.theme.color);
  $('order').textContent = options.order_id;
  $('description').textContent = options.description ?? '';
  const response = await fetch(`${api}/orders/${encodeURIComponent(options.order_id)}?key=${encodeURIComponent(options.key)}`);
  const body = await response.json();
  if (!response.ok) {
    notice(`${body.error.description}. Close this window and start again.`);
    for (const button of document.querySelectorAll('.pay')) button.disabled = true;
    $('amount').textContent = '';
    return;
  }
  order = body;
  const merchant = options.name || order.merchant;
  $('merchant').textContent = merchant;
  $('mark').textContent = [...merchant][0]?.toUpperCase() ?? '';
  $('amount').textContent = money();
  $('amount').toggleAttribute('data-long', money().length > 13);
  const payer = [options.prefill?.name, options.prefill?.contact, options.prefill?.email].filter(Boolean).join(' · ');
  $('payer').hidden = !payer;
  $('payer').textContent = payer;
  $('panel-upi').querySelector('.pay-label').textContent = `Pay ${money()}`;
  $('otp-step').querySelector('.pay-label').textContent = `Pay ${money()}`;
  const first = $(`tab-${options.prefill?.method}`);
  chooseTab(first ?? $('tab-upi'), false);
  if (order.status === 'paid') notice('This order has already been paid.');
  $('vpa').focus();
}

// The seller's colour, and black or white on it, whichever is easier to read.
function paint(colour) {
  const [r, g, b] = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255).map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  document.documentElement.style.setProperty('--accent', colour);
  if (light > 0.15) { // The words beside it are white.
    document.documentElement.style.setProperty('--top', '48%');
    document.documentElement.style.setProperty('--bottom', '34%');
  }
  document.documentElement.style.setProperty('--accent-ink', light > 0.18 ? '#10141e' : '#fff');
}

for (const [number, what, bad] of testCards) {
  const item = document.createElement('li'), button = document.createElement('button'), code = document.createElement('code'), label = document.createElement('span');
  button.type = 'button';
  button.dataset.fill = 'number';
  button.dataset.value = number;
  code.textContent = number;
  label.textContent = what;
  label.className = bad ? 'bad' : 'good';
  button.append(code, label);
  item.append(button);
  $('cards').append(item);
}

for (const [code, name] of Object.entries(banks)) {
  const label = document.createElement('label'), radio = document.createElement('input'), text = document.createElement('span');
  Object.assign(radio, { type: 'radio', name: 'bank', value: code });
  text.textContent = name;
  label.append(radio, text);
  $('banks').append(label);
}

document.addEventListener('click', event => {
  const fill = event.target.closest('[data-fill]');
  if (fill) {
    $(fill.dataset.fill).value = fill.dataset.value;
    fault(fill.dataset.fill);
    if (fill.dataset.fill === 'number') {
      $('expiry').value = '12 / 39';
      $('cvv').value = '123';
      network();
      fill.closest('details').open = false;
    }
    $(fill.dataset.fill).focus();
  }
  const answer = event.target.closest('[data-bank-answer]');
  if (answer) pay({ method: 'netbanking', bank: chosenBank(), bankAnswer: answer.dataset.bankAnswer }, 'Asking your bank…');
});

const chosenBank = () => document.querySelector('[name=bank]:checked')?.value;

function network() {
  const digits = $('number').value.replace(/\D/g, '');
  $('network').textContent = /^4/.test(digits) ? 'Visa' : /^5/.test(digits) ? 'Mastercard' : /^65/.test(digits) ? 'RuPay' : /^36/.test(digits) ? 'Diners' : /^34/.test(digits) ? 'Amex' : '';
  return digits;
}

$('number').addEventListener('input', network);

$('panel-upi').firstElementChild.addEventListener('submit', event => {
  event.preventDefault();
  const vpa = $('vpa').value.trim();
  if (fault('vpa', /^[\w.-]+@[\w.-]+$/.test(vpa) ? '' : 'Enter a UPI ID, such as success@razorpay.')) pay({ method: 'upi', vpa }, 'Waiting for you to approve in your UPI app…');
});

$('panel-card').firstElementChild.addEventListener('submit', event => {
  event.preventDefault();
  const digits = network();
  if (![fault('cvv', /^\d{3,4}$/.test($('cvv').value) ? '' : 'Enter 3 or 4 digits.'), fault('expiry', future($('expiry').value) ? '' : 'Enter a month to come.'),
    fault('number', digits.length >= 13 ? '' : 'Enter the card’s number.')].every(Boolean)) return;
  $('otp-card').textContent = `•••• ${digits.slice(-4)}`;
  $('otp').value = '';
  notice();
  show('otp-step', 'otp');
});

function future(text) {
  const [, month, year] = /^\s*(\d{1,2})\s*\/?\s*(\d{2})\s*$/.exec(text) ?? [];
  const now = new Date();
  return month >= 1 && month <= 12 && (2000 + +year) * 12 + +month >= now.getFullYear() * 12 + now.getMonth() + 1;
}

$('otp-step').addEventListener('submit', event => {
  event.preventDefault();
  pay({ method: 'card', cardNumber: $('number').value, otp: $('otp').value }, 'Asking your bank…');
});

$('panel-netbanking').firstElementChild.addEventListener('submit', event => {
  event.preventDefault();
  $('bank-error').textContent = chosenBank() ? '' : 'Choose a bank.';
  if (!chosenBank()) return document.querySelector('[name=bank]').focus();
  $('bank-name').textContent = banks[chosenBank()];
  $('bank-amount').textContent = money();
  titles['bank-step'] = banks[chosenBank()];
  notice();
  show('bank-step');
});

const tabs = [...document.querySelectorAll('[role=tab]')];
for (const tab of tabs) {
  tab.addEventListener('click', () => chooseTab(tab));
  tab.addEventListener('keydown', event => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    chooseTab(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]);
  });
}

$('back').addEventListener('click', () => show('methods'));
$('close').addEventListener('click', close);
$('stay').addEventListener('click', () => show(before));
$('leave').addEventListener('click', () => tell({ type: 'dismiss' }));
addEventListener('keydown', event => {
  if (event.key === 'Escape' && options?.modal?.escape !== false) close();
});
addEventListener('message', event => {
  if (event.source !== parent || event.origin !== location.origin) return;
  if (event.data?.type === 'options') start(event.data).catch(() => notice('The sandbox could not be reached. Close this window and start again.'));
  else if (event.data?.type === 'close') close();
});
tell({ type: 'ready' });
