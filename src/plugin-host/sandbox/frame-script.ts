/**
 * The only script of a plugin's frame. It runs no line of the plugin: it starts a worker from the program that the page sends, hands
 * it the port, and says when it could not be started. The worker is started from a `data:` address, as WebKit starts none from a Blob in a
 * frame without an origin where the page is isolated. The policy of the app names this text by its hash: whoever changes it has to run
 * the test of the content policy, which says the new one.
 */
export const FRAME_SCRIPT =
  "addEventListener('message',(event)=>{if(event.source!==parent)return;let said=false;const fail=(why)=>said||(said=true,parent.postMessage({failed:String(why).slice(0,300)},'*'));try{const worker=new Worker('data:text/javascript;charset=utf-8,'+encodeURIComponent(event.data.program));worker.onerror=(error)=>{error.preventDefault();fail(error.message)};worker.postMessage(0,[event.ports[0]])}catch(error){fail(error)}},{once:true})";

/** What the worker inherits: it reaches nothing and loads nothing; its own program and WebAssembly run. */
export const FRAME_POLICY = (scriptHash: string): string =>
  `default-src 'none'; script-src 'sha256-${scriptHash}' 'wasm-unsafe-eval'; worker-src data:; base-uri 'none'; form-action 'none'`;
