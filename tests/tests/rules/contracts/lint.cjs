// Reads OpenAPI documents with Spectral and AsyncAPI documents with AsyncAPI's parser. Arguments: the folder of the modules, and
// documents. Writes a list with what is found in each document: lists of lines.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const [modules, ...files] = process.argv.slice(2);
const load = createRequire(`${modules}/`);

const { Spectral, Document } = load('@stoplight/spectral-core');
const { Yaml } = load('@stoplight/spectral-parsers');
const { oas } = load('@stoplight/spectral-rulesets');
const { Parser } = load('@asyncapi/parser');

// Every rule that Spectral recommends, but for two: the document names no person to write to, and since OpenAPI 3.1 a bearer's
// permissions stand where Spectral looks for OAuth's scopes.
const openapi = new Spectral();
openapi.setRuleset({ extends: [[oas, 'recommended']], rules: { 'info-contact': 'off', 'oas3-operation-security-defined': 'off' } });
const asyncapi = new Parser();

const line = ({ code, message, path }) => `${path.join('/')}: ${message} (${code})`;

// A newer version of AsyncAPI is no fault of the document.
const isFault = ({ code }) => code !== 'asyncapi-latest-version';

const lint = async (file) => {
  const text = readFileSync(file, 'utf8');
  const found = text.includes('\nopenapi: ')
    ? await openapi.run(new Document(text, Yaml, file))
    : (await asyncapi.parse(text)).diagnostics;
  return found.filter(isFault).map(line);
};

Promise.all(files.map(lint)).then((found) => process.stdout.write(JSON.stringify(found)));
