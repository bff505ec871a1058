// Opens a page in Chromium as readers do (wide and narrow, light and dark, in print), uses its controls, and
// fails if its console shows an error or a violation of its policy, if a request leaves it, if a figure has
// no marks, or if it is wider than the screen. Arguments: the page, and a folder for screenshots; before them
// --look-only for a page that is not the sample: its controls are not used.
const {spawn} = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const {pathToFileURL} = require('url');

const lookOnly = process.argv[2] === '--look-only';
const [page, shots] = process.argv.slice(lookOnly ? 3 : 2);
const address = pathToFileURL(path.resolve(page)).href;
const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'check-report-'));
const problems = [];

// The DevTools protocol over pipes: JSON messages that end with a zero byte.
const browser = spawn(
    'chromium',
    [
      '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
      '--no-first-run', '--disable-background-networking', `--user-data-dir=${profile}`,
      '--remote-debugging-pipe', 'about:blank'
    ],
    {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});
const pending = new Map();
const listeners = [];
let last = 0;
let rest = '';
browser.stdio[4].on('data', (data) => {
  const messages = (rest + data).split('\0');
  rest = messages.pop();
  for (const message of messages.map(JSON.parse)) {
    if (message.id)
      pending.get(message.id)(message);
    else
      for (const listener of listeners) listener(message);
  }
});

function send(method, params = {}, sessionId = undefined) {
  const id = ++last;
  browser.stdio[3].write(JSON.stringify({id, method, params, sessionId}) + '\0');
  return new Promise(
      (resolve, reject) => pending.set(
          id,
          (answer) => answer.error ? reject(new Error(`${method}: ${answer.error.message}`)) :
                                     resolve(answer.result)));
}

function watch({method, params}) {
  if (method === 'Runtime.exceptionThrown')
    problems.push(
        'exception: ' + (params.exceptionDetails.exception?.description ?? params.exceptionDetails.text));
  if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(params.type))
    problems.push('console: ' + params.args.map((arg) => arg.value ?? arg.description).join(' '));
  if (method === 'Log.entryAdded') problems.push(`${params.entry.level}: ${params.entry.text}`);
  if (method === 'Network.requestWillBeSent' && !/^(file|data|blob):/.test(params.request.url))
    problems.push('request: ' + params.request.url);
}

// What the page itself is asked.
const MARKS =
    `[...document.querySelectorAll('figure[data-figure]')].filter((figure) => figure.offsetWidth > 0)
  .map((figure) => [figure.id, figure.querySelectorAll('.plot svg path, .plot svg text').length])`;
const WIDER = 'document.documentElement.scrollWidth > innerWidth';
const USE = `(async () => {
  const told = [];
  const wait = () => new Promise((resolve) => setTimeout(resolve, 60));
  // A busy machine draws late.
  const check = async (holds, what) => {
    for (let i = 0; i < 100 && !holds(); ++i) await wait();
    if (!holds()) told.push(what);
  };
  const figure = document.querySelector('figure[data-figure]');
  const lines = () => figure.querySelectorAll('.plot .mark-line path').length;
  const before = lines();
  figure.querySelector('.entry').click();
  await wait();
  await check(() => lines() === before - 1, 'a legend entry hides its curve');
  await check(() => figure.querySelector('.entry').getAttribute('aria-pressed') === 'false', 'a hidden entry says so');
  figure.querySelector('.entry').click();
  await wait();
  await check(() => lines() === before, 'and shows it again');
  const axis = () => figure.querySelector('.plot .role-axis-label').textContent;
  const whole = axis();
  figure.querySelector('.tools button').click();
  await wait();
  await check(() => axis() !== whole, 'the button zooms');
  figure.querySelectorAll('.tools button')[2].click();
  await wait();
  await check(() => axis() === whole, 'the button shows everything again');
  const plot = figure.querySelector('.plot');
  const box = plot.getBoundingClientRect();
  const at = (x, y) => ({clientX: box.left + box.width * x, clientY: box.top + box.height * y, bubbles: true,
    pointerType: 'mouse', pointerId: 1, button: 0});
  plot.dispatchEvent(new PointerEvent('pointermove', at(0.6, 0.5)));
  await check(() => document.querySelector('.tooltip:not([hidden])')?.children.length > 2, 'pointing shows the values of all curves');
  plot.dispatchEvent(new PointerEvent('pointerleave', at(0.6, 0.5)));
  await check(() => document.querySelector('.tooltip').hidden, 'and hides them');
  plot.setPointerCapture = () => {};
  for (const [kind, x, y] of [['pointerdown', 0.3, 0.3], ['pointermove', 0.6, 0.7], ['pointerup', 0.6, 0.7]])
    plot.dispatchEvent(new PointerEvent(kind, at(x, y)));
  await wait();
  await check(() => axis() !== whole, 'a drag zooms');
  figure.querySelectorAll('.tools button')[2].click();
  await wait();
  const table = document.querySelector('main > section table.data');
  const order = () => [...table.tBodies[0].rows].map((row) => row.cells[0].textContent).join();
  const first = order();
  table.querySelectorAll('.sort')[1].click();
  await wait();
  await check(() => order() !== first && table.tHead.querySelector('[aria-sort]'), 'a head sorts its table');
  const details = figure.querySelector('details.values');
  details.open = true;
  await wait();
  await check(() => details.querySelectorAll('tbody tr').length > 0, 'values are shown as a table');
  details.open = false;
  const select = document.querySelector('.choice select');
  select.selectedIndex = 1;
  select.dispatchEvent(new Event('change'));
  await wait();
  const shown = [...document.querySelectorAll('.group > figure')].filter((one) => one.offsetWidth > 0);
  await check(() => shown.length === 1 && shown[0].querySelector('.plot svg'), 'a choice shows its figure');
  for (const folded of document.querySelectorAll('details.section')) folded.open = true;
  await wait();
  figure.closest('main').querySelectorAll('.tools button:last-child')[1].click();
  await wait();
  return told;
})()`;

async function evaluate(session, expression) {
  const {result, exceptionDetails} =
      await send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true}, session);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

async function open(name, width, height, scheme, use) {
  const {targetId} = await send('Target.createTarget', {url: 'about:blank'});
  const {sessionId} = await send('Target.attachToTarget', {targetId, flatten: true});
  const ask = (method, params) => send(method, params, sessionId);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await ask(`${domain}.enable`);
  await ask('Emulation.setDeviceMetricsOverride', {width, height, deviceScaleFactor: 1, mobile: width < 600});
  const print = scheme === 'print';
  await ask('Emulation.setEmulatedMedia', {
    media: print ? 'print' : 'screen',
    features: [{name: 'prefers-color-scheme', value: print ? 'dark' : scheme}]
  });
  const loaded = new Promise((resolve) => listeners.push((message) => {
    if (message.sessionId === sessionId && message.method === 'Page.loadEventFired') resolve();
  }));
  await ask('Page.navigate', {url: address});
  await loaded;
  await new Promise((resolve) => setTimeout(resolve, 400));
  const few = (figures) => figures.filter(([, marks]) => marks < 5);
  for (let i = 0; i < 50 && few(await evaluate(sessionId, MARKS)).length > 0; ++i)
    await new Promise((resolve) => setTimeout(resolve, 100));
  for (const [id, marks] of few(await evaluate(sessionId, MARKS)))
    problems.push(`${name}: the figure ${id} has only ${marks} marks`);
  if (await evaluate(sessionId, 'typeof evil') !== 'undefined')
    problems.push(`${name}: a text became script`);
  if (await evaluate(sessionId, WIDER)) problems.push(`${name}: the page is wider than the screen`);
  const {data} = await ask('Page.captureScreenshot', {captureBeyondViewport: true});
  fs.writeFileSync(path.join(shots, `${name}.png`), data, 'base64');
  if (use)
    for (const broken of await evaluate(sessionId, USE)) problems.push(`${name}: not so: ${broken}`);
  if (print) {
    const pdf = await ask('Page.printToPDF', {printBackground: true});
    fs.writeFileSync(path.join(shots, `${name}.pdf`), pdf.data, 'base64');
  }
  await send('Target.closeTarget', {targetId});
}

async function check() {
  listeners.push(watch);
  fs.mkdirSync(shots, {recursive: true});
  await send('Browser.setDownloadBehavior', {behavior: 'allow', downloadPath: profile, eventsEnabled: true});
  listeners.push(({method, params}) => {
    if (method === 'Browser.downloadProgress' && params.state === 'completed') downloads += 1;
  });
  let downloads = 0;
  await open('wide-light', 1280, 900, 'light', !lookOnly);
  await open('wide-dark', 1280, 900, 'dark', false);
  await open('narrow-light', 400, 800, 'light', false);
  await open('narrow-dark', 400, 800, 'dark', !lookOnly);
  await open('print', 800, 1100, 'print', false);
  if (!lookOnly && downloads !== 2) problems.push(`${downloads} of 2 figures were saved`);
}

const limit = setTimeout(() => {
  problems.push('Chromium did not answer in time');
  finish();
}, 90000);

function finish() {
  clearTimeout(limit);
  browser.once('exit', () => {
    // Its children may still be writing.
    fs.rmSync(profile, {recursive: true, force: true, maxRetries: 50, retryDelay: 100});
    for (const problem of problems) console.error(problem);
    process.exit(problems.length > 0 ? 1 : 0);
  });
  browser.kill();
}

check().catch((error) => problems.push(error.stack)).finally(finish);
