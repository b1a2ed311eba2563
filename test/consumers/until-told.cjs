// Runs until its stderr is told an address, asks that for metrics, and prints the answer as JSON.
const { get } = require('node:http');

const running = setInterval(() => {}, 1_000);
const write = process.stderr.write;
process.stderr.write = function (text, ...others) {
  const url = /http:\S+\/metrics/.exec(text)?.[0];
  if (url !== undefined) ask(url);
  return write.call(this, text, ...others);
};

function ask(url) {
  get(url, { agent: false }, response => {
    let body = '';
    response.setEncoding('utf8').on('data', text => (body += text));
    response.on('end', () => {
      clearInterval(running);
      console.log(JSON.stringify({ status: response.statusCode, names: body.match(/^\w+(?=[ {])/gm) }));
    });
  });
}
