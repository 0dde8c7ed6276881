// A long-lived process that turns data into PDF, one document at a time.
//
// Started as: node worker.mjs NODE_MODULES TEMPLATES
// In and out: frames of a 4-byte big-endian length and that many bytes. A request is a JSON frame {template, data} and a frame with the
// logo (empty for none). An answer is a JSON frame {ok, error, rss} and a frame with the PDF (empty on failure). Before the first request a
// pair of frames like an answer, {ready: true, ...} and an empty one, says that the compiler is loaded. The end of the input ends the process, so it never outlives the portal.
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [modules, templates] = process.argv.slice(2).map(folder => path.resolve(folder));
const known = new Set(['invoice', 'receipt']);

// Nothing but frames may reach the output.
for (const name of ['log', 'info', 'debug']) console[name] = console.error;

function write(header, body = Buffer.alloc(0)) {
  const json = Buffer.from(JSON.stringify(header));
  const lengths = [Buffer.alloc(4), Buffer.alloc(4)];
  lengths[0].writeUInt32BE(json.length);
  lengths[1].writeUInt32BE(body.length);
  process.stdout.write(Buffer.concat([lengths[0], json, lengths[1], body]));
}

function reason(error) {
  // The compiler throws its diagnostics as the code of an error without a message. They may quote the document: keep them short.
  return String(error?.message || error?.code || error).slice(0, 800);
}

const require = createRequire(path.join(modules, 'resolve.js'));
const { NodeCompiler } = require('@myriaddreamin/typst-ts-node-compiler');
const fonts = path.join(modules, '@expo-google-fonts', 'noto-sans');
const compiler = NodeCompiler.create({
  workspace: templates,
  fontArgs: [{ fontPaths: ['400Regular', '500Medium', '600SemiBold', '700Bold'].map(weight => path.join(fonts, weight)) }],
});
const dataFile = path.join(templates, 'data.json');
const logoFile = path.join(templates, 'logo.png');

function render({ template, data }, logo) {
  if (!known.has(template)) throw new Error(`There is no template ${template}.`);
  compiler.mapShadow(dataFile, Buffer.from(JSON.stringify(data)));
  if (logo.length > 0) compiler.mapShadow(logoFile, logo);
  try {
    const source = { mainFilePath: path.join(templates, `${template}.typ`) };
    try {
      return compiler.pdf(source, { pdfStandard: 'ua-1' });
    } catch (error) {
      // The accessible standard wants a glyph for every character. A name in a script that no font here has is still printed, without it.
      if (!reason(error).includes('could not be displayed with font')) throw error;
      return compiler.pdf(source);
    }
  } finally {
    compiler.unmapShadow(dataFile);
    if (logo.length > 0) compiler.unmapShadow(logoFile);
    // What was memoised for older documents goes; what every document uses stays.
    compiler.evictCache(4);
  }
}

function answer(request, logo) {
  let pdf;
  try {
    pdf = render(JSON.parse(request.toString('utf8')), logo);
  } catch (error) {
    write({ ok: false, error: reason(error), rss: process.memoryUsage.rss() });
    return;
  }
  write({ ok: true, error: null, rss: process.memoryUsage.rss() }, pdf);
}

let waiting = Buffer.alloc(0);
const frames = [];
process.stdin.on('data', chunk => {
  waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
  while (waiting.length >= 4) {
    const length = waiting.readUInt32BE(0);
    if (waiting.length < 4 + length) return;
    frames.push(waiting.subarray(4, 4 + length));
    waiting = waiting.subarray(4 + length);
    if (frames.length === 2) answer(...frames.splice(0, 2));
  }
});
process.stdin.on('end', () => process.exit(0));

write({ ready: true, node: process.version });
