const $ = id => document.getElementById(id);
const api = '/sandbox/razorpay/control';
const faults = [
  ['commit-then-drop', 'Done, then connection cut'], ['commit-then-hang', 'Done, never answered'], ['commit-then-slow', 'Done, answered after 2 s'],
  ['commit-then-500', 'Done, then server error'], ['commit-then-truncate', 'Done, half an answer'], ['commit-then-unknown-words', 'Done, unknown words in the answer'],
  ['drop', 'Connection cut, nothing done'], ['429', 'Slow down (429), nothing done'], ['500', 'Server error (500), nothing done'], ['502-html', 'A proxy’s 502 page'],
  ['504', 'Gateway time-out (504)'], ['409', 'Still in progress (409)'], ['redirect', 'Redirect'],
];
const moods = { paid: 'good', captured: 'good', processed: 'good', delivered: 'good', failed: 'bad', pending: 'warn', sending: 'warn', held: 'warn', authorized: 'warn', attempted: 'warn' };
const zero = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '), three = 'BHD IQD JOD KWD OMR TND'.split(' ');
let dirty = null;

const send = async (path, body, method = 'POST') => {
  const response = await fetch(api + path, { method, headers: { 'content-type': 'application/json' }, body: method === 'DELETE' ? undefined : JSON.stringify(body ?? {}) });
  if (!response.ok) throw new Error((await response.json()).error.description);
  await refresh();
};

const act = (promise, done) => promise.then(() => { $('note').textContent = done; }, error => { $('note').textContent = error.message; });

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  return element;
}

const money = (amount, currency) => {
  const digits = zero.includes(currency) ? 0 : three.includes(currency) ? 3 : 2;
  return `${currency} ${(amount / 10 ** digits).toLocaleString('en-IN', { minimumFractionDigits: digits })}`;
};
const code = text => make('code', text);
const badge = text => make('span', text, `badge ${moods[text] ?? ''}`);
const time = seconds => {
  const element = make('time', new Date(seconds * 1000).toLocaleTimeString(), 'quiet');
  element.dateTime = new Date(seconds * 1000).toISOString();
  element.title = new Date(seconds * 1000).toLocaleString();
  return element;
};
const buttons = (...list) => {
  const box = make('span', null, 'actions');
  for (const [text, label, onclick] of list) {
    const button = make('button', text);
    button.type = 'button';
    button.setAttribute('aria-label', label);
    button.addEventListener('click', onclick);
    box.append(button);
  }
  return box;
};

function fill(id, columns, rows, empty) {
  // A table that did not change keeps its buttons, and with them the focus.
  const print = JSON.stringify(rows);
  if ($(id).dataset.print === print) return;
  $(id).dataset.print = print;
  const head = document.createElement('thead'), body = document.createElement('tbody'), top = document.createElement('tr');
  for (const [name, , className] of columns) {
    const cell = make('th', name, className);
    cell.scope = 'col';
    top.append(cell);
  }
  head.append(top);
  for (const row of rows) {
    const line = document.createElement('tr');
    for (const [name, show, className] of columns) {
      const cell = make('td', null, className), content = show(row);
      cell.dataset.label = name;
      if (content !== null && content !== undefined && content !== '') cell.append(content);
      line.append(cell);
    }
    body.append(line);
  }
  if (!rows.length) {
    const line = document.createElement('tr'), cell = make('td', empty, 'empty');
    cell.colSpan = columns.length;
    line.append(cell);
    body.append(line);
  }
  $(id).replaceChildren(head, body);
}

function show(state) {
  $('key').textContent = state.keyId;
  for (const field of $('settings').elements) {
    if (!(field.name in state.settings) || field === document.activeElement || dirty === field) continue;
    if (field.type === 'checkbox') field.checked = state.settings[field.name];
    else field.value = state.settings[field.name];
  }
  $('offReason').hidden = !state.settings.webhooksOffReason;
  $('offReason').textContent = state.settings.webhooksOffReason ?? '';
  $('faults').textContent = state.faults.length ? `Waiting: ${state.faults.map(it => `${it.kind}${it.method ? ` (${it.method})` : ''}`).join(', ')}` : 'Nothing is set to go wrong.';

  fill('orders', [
    ['Order', it => code(it.id)], ['Receipt', it => it.receipt && code(it.receipt)], ['Amount', it => money(it.amount, it.currency), 'number'], ['Status', it => badge(it.status)],
    ['Attempts', it => String(it.attempts), 'number minor'], ['Made', it => time(it.created_at), 'minor'],
    ['Pay', it => it.status === 'paid' ? '' : buttons(
      ['Pay', `Pay order ${it.id}`, () => act(send(`/orders/${it.id}/pay`, { outcome: 'success' }), 'Paid.')],
      ['Fail', `Fail a payment of order ${it.id}`, () => act(send(`/orders/${it.id}/pay`, { outcome: 'fail' }), 'A payment failed.')],
      ['Late', `Fail a payment of order ${it.id} and authorise it later`, () => act(send(`/orders/${it.id}/pay`, { outcome: 'late' }), 'Failed for now.')])],
  ], state.orders, 'No orders yet. They appear when somebody opens a checkout.');
  fill('payments', [
    ['Payment', it => code(it.id)], ['Order', it => code(it.order_id), 'minor'], ['Method', it => it.method], ['Amount', it => money(it.amount, it.currency), 'number'],
    ['Refunded', it => it.amount_refunded ? money(it.amount_refunded, it.currency) : '', 'number'], ['Status', it => badge(it.status)],
    ['Reason', it => it.error_reason], ['Made', it => time(it.created_at), 'minor'],
  ], state.payments, 'No payments yet.');
  fill('refunds', [
    ['Refund', it => code(it.id)], ['Payment', it => code(it.payment_id)], ['Receipt', it => it.receipt && code(it.receipt)], ['Amount', it => money(it.amount, it.currency), 'number'],
    ['Status', it => badge(it.status)], ['Made', it => time(it.created_at)],
  ], state.refunds, 'No refunds yet.');
  fill('deliveries', [
    ['Event', it => it.type], ['About', it => code(it.about)], ['Event id', it => code(it.eventId), 'minor'], ['Status', it => badge(it.status)], ['Tries', it => String(it.attempts), 'number minor'],
    ['Answer', it => it.lastStatus ? String(it.lastStatus) : it.lastError], ['Made', it => time(it.createdAt), 'minor'],
    ['Send', it => buttons(['Send again', `Send again: ${it.type} about ${it.about}`, () => act(send(`/deliveries/${it.id}/resend`), 'Sent again.')])],
  ], state.deliveries, 'No webhooks yet.');
}

async function refresh() {
  try {
    const response = await fetch(`${api}/state`);
    show(await response.json());
    $('state').textContent = 'Up to date';
  } catch {
    $('state').textContent = 'The sandbox does not answer. Trying again…';
  }
}

for (const [kind, text] of faults) $('fault').append(new Option(text, kind));
$('settings').addEventListener('submit', event => event.preventDefault());
$('settings').addEventListener('input', event => { dirty = event.target; });
$('settings').addEventListener('change', event => {
  const field = event.target;
  dirty = null;
  if (!field.name || !field.checkValidity()) return;
  const value = field.type === 'checkbox' ? field.checked : field.type === 'number' ? Number(field.value) : field.value;
  act(send('/settings', { [field.name]: value }), 'Saved.');
});
$('addFault').addEventListener('click', () => act(
  send('/faults', { fault: $('fault').value, method: $('faultMethod').value || null, count: Number($('faultCount').value) }), 'The next call goes wrong.'));
$('clearFaults').addEventListener('click', () => act(send('/faults', null, 'DELETE'), 'Cleared.'));

await refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 2000);
