// Makes passkeys and signs in with them. The server's word comes as JSON that the browser reads itself, and goes back the same way.

export const areSupported = () =>
  Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials);

async function ask(path, token, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", RequestVerificationToken: token },
    body: JSON.stringify(body ?? {}),
    cache: "no-store",
  });
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.code ?? "failed", said.message ?? "Something went wrong. Try again.");
  return said;
}

class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function reason(error) {
  if (error instanceof Refused) return { code: error.code, message: error.message };
  if (error?.name === "NotAllowedError" || error?.name === "AbortError") return { code: "cancelled", message: "Nothing was changed because the browser's dialog was closed." };
  if (error?.name === "InvalidStateError") return { code: "known", message: "This device already has a passkey for this portal." };
  if (error?.name === "SecurityError") return { code: "address", message: "Passkeys only work on the portal's own https address." };
  return { code: "failed", message: "The browser reported an error. Try again." };
}

/** Makes one for who is signed in. Answers with null when it is kept, else with what is wrong. */
export async function create(name, token) {
  try {
    if (!areSupported()) return { code: "unsupported", message: "This browser doesn't support passkeys." };
    const options = await ask("/account/passkeys/options", token);
    const credential = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    await ask("/account/passkeys", token, { name, credential: JSON.stringify(credential) });
    return null;
  } catch (error) {
    return reason(error);
  }
}

/** The sign-in page: puts the browser's answer into the form and sends it. */
export async function signIn(form) {
  const told = form.querySelector("[role=alert]");
  told.textContent = "";
  try {
    const options = await ask("/account/passkeys/challenge", form.elements.namedItem("__RequestVerificationToken").value);
    const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.namedItem("Passkey.Credential").value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    const { code, message } = reason(error);
    told.textContent = code === "cancelled" ? "" : message;
  }
}
