// What must work when the lab's module does not: the start-up screen, the failure screen, and the
// promise that scripts wait on. A classic script, and the last thing in the body: module scripts
// run later, so none of their failures is missed.
//
// Modules talk to it with two events on the window: "adagradlab-ready" when one has added its
// members to window.adagradLab, "adagradlab-failure" (detail: a message) when one has panicked.
(() => {
  "use strict";

  let settle;
  const ready = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  // The failure is on screen already: nobody who ignores the promise needs to hear of it again.
  ready.catch(() => {});
  window.adagradLab = { ready };

  let started = false;
  let screen = null;

  function element(name, content, properties = {}) {
    const created = Object.assign(document.createElement(name), properties);
    created.append(...content);
    return created;
  }

  /** The address with no settings but `embed`, should the settings themselves be the trouble. */
  function defaultsAddress() {
    const embedded = new URLSearchParams(location.search).get("embed") === "1";
    return location.pathname + (embedded ? "?embed=1" : "");
  }

  /** Shows the first failure, which the later ones follow from. */
  function fail(title, detail, advice) {
    if (screen) return;
    settle.reject(new Error(`${title} ${detail}`));
    const loading = document.getElementById("boot-status");
    if (loading) loading.hidden = true;
    screen = element(
      "div",
      [
        element("h2", [title]),
        element("pre", [detail]),
        element("p", [advice]),
        element("p", [
          element("button", ["Reload"], { type: "button", onclick: () => location.reload() }),
        ]),
        element("p", [
          element("a", ["Link to these settings"], { href: location.href }),
          " · ",
          element("a", ["Start with the defaults"], { href: defaultsAddress() }),
        ]),
      ],
      { className: "failure" },
    );
    screen.setAttribute("role", "alert");
    document.body.append(screen);
  }

  function failToLoad(detail) {
    let advice =
      "Check the connection, then reload. If that does not help, the files on the server are " +
      "incomplete, or this network or browser blocks WebAssembly.";
    // Browsers fetch modules with CORS, which pages without an origin of their own do not pass.
    if (location.protocol === "file:") {
      advice = "Browsers do not load modules from disk: open the page through a web server.";
    } else if (window.origin === "null") {
      advice =
        "This frame is sandboxed. Its host page may add allow-same-origin to its sandbox " +
        "attribute, or the lab's server send Access-Control-Allow-Origin: *.";
    }
    fail("The lab could not be loaded.", detail, advice);
  }

  function failWhileRunning(detail) {
    fail(
      "The lab has stopped because of an error in it.",
      detail,
      "Reload to go on with the settings in the address. If it stops again, start with the defaults.",
    );
  }

  const isOwn = (address) => address.startsWith(new URL(".", document.baseURI).href);

  // In the capture phase, since the error of a script that cannot be fetched does not bubble.
  window.addEventListener(
    "error",
    (event) => {
      if (event.target instanceof HTMLScriptElement) {
        if (!started) failToLoad("A script could not be downloaded.");
      } else if (event instanceof ErrorEvent) {
        // A layout that settles only in the next frame is no failure, though browsers say so here.
        if (event.message.startsWith("ResizeObserver loop")) return;
        // What a browser extension throws is none of the lab's failures.
        if (!started && isOwn(event.filename)) failToLoad(event.message);
        // A trap that is no panic: out of memory, say.
        if (started && event.error instanceof WebAssembly.RuntimeError) {
          failWhileRunning(event.message);
        }
      }
    },
    true,
  );
  window.addEventListener("unhandledrejection", (event) => {
    if (!started) failToLoad(String(event.reason));
  });
  window.addEventListener("adagradlab-failure", (event) => failWhileRunning(event.detail));
  const isSparse = new URLSearchParams(location.search).get("view") === "sparse";
  // The playground is one module; the sparse lab's view comes beside it.
  let awaited = isSparse ? 2 : 1;
  window.addEventListener("adagradlab-ready", () => {
    awaited -= 1;
    if (awaited > 0) return;
    started = true;
    screen?.remove();
    settle.resolve();
  });

  /** Asks for the sparse lab's view, a module that the playground does without. */
  function loadSparseView() {
    // The page names it by its content: a new page asks for a new module.
    const script = document.querySelector('meta[name="module:lab-page"]').content;
    const file = (name) => new URL(name, document.baseURI).href;
    import(file(script))
      .then((module) => module.default({ module_or_path: file(script.replace(/\.js$/, "_bg.wasm")) }))
      .catch((error) => failToLoad(String(error?.message ?? error)));
  }

  if (isSparse) loadSparseView();

  if (typeof WebAssembly === "object") {
    const loading = document.getElementById("boot-status");
    if (loading) loading.hidden = false;
  } else {
    fail(
      "The lab needs WebAssembly.",
      "This browser does not have it, or it is switched off.",
      "Use a current browser, or switch WebAssembly on: some strict privacy modes switch it off.",
    );
  }
})();
