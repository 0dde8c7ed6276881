// Drives Razorpay's own SDK against the sandbox at SANDBOX_URL and prints what it saw as JSON.
import Razorpay from 'razorpay';
import utils from 'razorpay/dist/utils/razorpay-utils.js';

const { SANDBOX_URL: url, KEY_ID: key_id, KEY_SECRET: key_secret, WEBHOOK_SECRET, WEBHOOK_BODY, WEBHOOK_SIGNATURE } = process.env;
const at = (id, secret) => {
  const sdk = new Razorpay({ key_id: id, key_secret: secret });
  sdk.api.rq.defaults.baseURL = url;
  return sdk;
};
const refused = async call => {
  try {
    await call;
    return null;
  } catch (error) {
    return { statusCode: error.statusCode, description: error.error?.description };
  }
};

const sdk = at(key_id, key_secret);
const order = await sdk.orders.create({ amount: 125050, currency: 'INR', receipt: 'sdk-1', notes: { intent: 'sdk' } });
const fetched = await sdk.orders.fetch(order.id);
const listed = await sdk.orders.all({ receipt: 'sdk-1' });
const paid = await (await fetch(`${url}/control/orders/${order.id}/pay`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ outcome: 'success' }),
})).json();
const payments = await sdk.orders.fetchPayments(order.id);
const refund = await sdk.payments.refund(paid.payment_id, { amount: 5000, notes: { refund: 'sdk' }, receipt: 'rf-sdk' });
const refunds = await sdk.payments.fetchMultipleRefund(paid.payment_id, { count: 10 });

console.log(JSON.stringify({
  order, fetched, listed, payments, refund, refunds,
  payment: await sdk.payments.fetch(paid.payment_id),
  checkoutIsValid: utils.validatePaymentVerification({ order_id: order.id, payment_id: paid.payment_id }, paid.signature, key_secret),
  webhookIsValid: Razorpay.validateWebhookSignature(WEBHOOK_BODY, WEBHOOK_SIGNATURE, WEBHOOK_SECRET),
  webhookOfAnotherSecretIsValid: Razorpay.validateWebhookSignature(WEBHOOK_BODY, WEBHOOK_SIGNATURE, 'another'),
  wrongKey: await refused(at(key_id, 'wrong').orders.fetch(order.id)),
  tooMuch: await refused(sdk.payments.refund(paid.payment_id, { amount: 999999 })),
  capturedTwice: await refused(sdk.payments.capture(paid.payment_id, 125050, 'INR')),
}));
