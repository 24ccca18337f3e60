// In the engine's worker, until the module has come; `folder` and `version` stand above.
const waiting = [];
onmessage = (event) => waiting.push(event);
// As an error, a failure reaches the page.
onunhandledrejection = (event) => {
  event.preventDefault();
  throw event.reason;
};
(async () => {
  importScripts(`${folder}engine.js?${version}`);
  await wasm_bindgen({ module_or_path: `${folder}engine_bg.wasm?${version}` });
  // The module has put its own in place.
  waiting.forEach((event) => onmessage(event));
})();
