// Reads a tenant as Auth0's Deploy CLI does before it asks the tenant anything: keywords are replaced, and the CLI's own schema and
// checks are applied. Arguments: the CLI's folder, a configuration, and files to read. Writes a list with the tenant of each file, or
// with `refused` and the CLI's words.
const { readFileSync } = require('node:fs');
const [cli, configuration, ...files] = process.argv.slice(2);
const Context = require(`${cli}/lib/context/yaml`).default;

// The CLI asks the tenant for nothing that a complete file holds. Whatever it would call fails.
const absent = new Proxy(() => {}, {
  get: (target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : absent),
  apply: () => { throw new Error('the CLI would ask a tenant'); },
});

const load = async (file) => {
  const context = new Context({ ...JSON.parse(readFileSync(configuration)), AUTH0_INPUT_FILE: file }, absent);
  try {
    await context.loadAssetsFromLocal();
    return Object.fromEntries(Object.entries(context.assets).filter(([, assets]) => assets != null));
  } catch (error) {
    return { refused: error.message };
  }
};

Promise.all(files.map(load)).then((tenants) => process.stdout.write(JSON.stringify(tenants)));
