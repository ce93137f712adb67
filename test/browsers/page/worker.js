importScripts('/__/exec.js')
addEventListener('message', async ({ data }) => {
  postMessage({ n: data.n, outcome: await runStep(data.step, data.url) })
})
