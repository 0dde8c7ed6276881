// The floor of invoice-pdf: the compiler alone, warm, called in a loop, one document after another. No pipe in the measured part, no database.
//
// Started as: node bare-typst.mjs NODE_MODULES TEMPLATES LOGO
// A line of input names a file with a JSON array of the layout's inputs, as text; a line of output tells {milliseconds, sha256, bytes}.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';

const [modules, templates, logo] = process.argv.slice(2).map(name => path.resolve(name));
const { NodeCompiler } = createRequire(path.join(modules, 'resolve.js'))('@myriaddreamin/typst-ts-node-compiler');
const fonts = path.join(modules, '@expo-google-fonts', 'noto-sans');
const compiler = NodeCompiler.create({
  workspace: templates,
  fontArgs: [{ fontPaths: ['400Regular', '500Medium', '600SemiBold', '700Bold'].map(weight => path.join(fonts, weight)) }],
});
const dataFile = path.join(templates, 'data.json');
const source = { mainFilePath: path.join(templates, 'invoice.typ') };
compiler.mapShadow(path.join(templates, 'logo.png'), readFileSync(logo));

for await (const file of readline.createInterface({ input: process.stdin })) {
  const inputs = JSON.parse(readFileSync(file, 'utf8')).map(text => Buffer.from(text));
  const documents = [];
  const started = process.hrtime.bigint();
  for (const input of inputs) {
    compiler.mapShadow(dataFile, input);
    documents.push(compiler.pdf(source, { pdfStandard: 'ua-1' }));
    // As any process that lives on must. It takes no time that could be measured: these pages are all different.
    compiler.evictCache(4);
  }
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  console.log(JSON.stringify({
    milliseconds,
    sha256: documents.map(document => createHash('sha256').update(document).digest('hex')),
    bytes: documents.map(document => document.length),
  }));
}
