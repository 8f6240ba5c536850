/** Stands for the system's browser (`BROWSER`): hands the link over to the test, whose browser opens it. */
const [link = ''] = process.argv.slice(2);
await fetch(process.env.LINKS_GO_TO ?? '', { method: 'POST', body: link });
