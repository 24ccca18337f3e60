// In a module's worker, until the module has come; its `script` stands above, an address.
const waiting = [];
onmessage = (event) => waiting.push(event);
// As an error, a failure reaches the page.
onunhandledrejection = (event) => {
  event.preventDefault();
  throw event.reason;
};
(async () => {
  importScripts(script);
  await wasm_bindgen({ module_or_path: script.replace(/\.js$/, "_bg.wasm") });
  // Of no request: the page's wait for the module is over.
  postMessage([0, "loaded"]);
  // The module has put its own in place.
  waiting.forEach((event) => onmessage(event));
})();
