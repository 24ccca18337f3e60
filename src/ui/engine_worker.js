// In a module's worker, until the module has come; `folder`, `name` and `version` stand above.
const waiting = [];
onmessage = (event) => waiting.push(event);
// As an error, a failure reaches the page.
onunhandledrejection = (event) => {
  event.preventDefault();
  throw event.reason;
};
(async () => {
  importScripts(`${folder}${name}.js?${version}`);
  await wasm_bindgen({ module_or_path: `${folder}${name}_bg.wasm?${version}` });
  // The module has put its own in place.
  waiting.forEach((event) => onmessage(event));
})();
