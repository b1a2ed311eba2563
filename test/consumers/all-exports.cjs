// Prints what each entry point, given as an argument, exports by require and by import: the type of each value, as JSON.
const kinds = namespace =>
  Object.fromEntries(Object.entries(namespace).map(([name, value]) => [name, typeof value]));

async function main(specifiers) {
  const found = {};
  for (const specifier of specifiers) {
    const required = require(specifier);
    const { default: whole, ['module.exports']: _, __esModule, ...imported } = await import(specifier);
    found[specifier] = {
      required: kinds(required),
      imported: kinds(imported),
      same: whole === required && Object.keys(imported).every(name => imported[name] === required[name]),
    };
  }
  console.log(JSON.stringify(found));
}

main(process.argv.slice(2));
