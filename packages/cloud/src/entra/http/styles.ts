/** One style sheet for all pages, near to the real sign-in page; colours meet WCAG AA on their grounds. */
export const styles = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 16px; padding: 24px 12px; background: #eef1f5; color: #1b1b1b;
  font: 15px/20px "Segoe UI", "Segoe UI Web", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif; }
main { width: 100%; max-width: 440px; padding: 44px; background: #fff; box-shadow: 0 2px 6px rgba(0,0,0,.2);
  overflow-wrap: anywhere; }
.brand { display: flex; align-items: center; gap: 8px; font-size: 18px; font-weight: 600; color: #5e5e5e; }
.mark { width: 20px; height: 20px; border-radius: 4px; background: #0067b8; }
h1, .title { margin: 16px 0 12px; font-size: 24px; line-height: 28px; font-weight: 600; }
p, .text { margin: 0 0 12px; }
a { color: #0067b8; }
label { display: block; margin-bottom: 4px; }
input[type=email], input[type=text], input[type=password] { width: 100%; height: 36px; padding: 6px 2px;
  border: 0; border-bottom: 1px solid #666; font: inherit; background: #fff; color: inherit; }
textarea { width: 100%; padding: 6px; border: 1px solid #666; font: inherit; background: #fff; color: inherit; }
input:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible {
  outline: 2px solid #0067b8; outline-offset: 2px; }
input::placeholder { color: #5e5e5e; opacity: 1; }
.identity { margin: 16px 0 12px; font-size: 15px; }
.below { margin: 16px 0 0; font-size: 13px; }
.error { margin: 0 0 12px; color: #c50f1f; }
.code { display: block; color: #5e5e5e; font-size: 12px; }
.actions { display: flex; justify-content: flex-end; flex-wrap: wrap; gap: 8px; margin-top: 24px; }
button, input[type=submit], input[type=button] { min-width: 108px; min-height: 32px; padding: 4px 12px; border: 1px solid transparent;
  font: inherit; cursor: pointer; background: #0067b8; color: #fff; }
button:hover, input[type=submit]:hover { background: #005da6; }
.secondary, input.secondary { background: #e3e3e3; color: #1b1b1b; }
/* In the form the main button comes first, since Enter presses the first; to the eye it is the last. */
.actions .secondary { order: -1; }
.secondary:hover, input.secondary:hover { background: #cfcfcf; }
.link { min-width: 0; padding: 0; background: none; color: #0067b8; text-decoration: underline; }
.link:hover { background: none; color: #004578; }
.tile { position: relative; display: flex; margin-bottom: 8px; border: 1px solid #c8c8c8; }
.tile > div { flex: 1; }
.account { flex: 1; width: 100%; padding: 12px; text-align: left; background: #fff; color: inherit; }
.account:hover { background: #f2f2f2; }
.account span { display: block; }
.more { flex: none; display: flex; }
.more summary { width: 44px; height: 100%; display: grid; place-items: center; list-style: none; cursor: pointer;
  font-size: 20px; }
.more summary:hover { background: #f2f2f2; }
.more > div { display: grid; gap: 8px; position: absolute; right: 0; top: 100%; z-index: 1;
  padding: 12px; background: #fff; border: 1px solid #c8c8c8; box-shadow: 0 2px 6px rgba(0,0,0,.2); }
.more .link { min-height: 24px; text-align: left; white-space: nowrap; }
.app { font-size: 18px; line-height: 24px; font-weight: 600; margin: 0; }
.muted { color: #5e5e5e; font-size: 13px; line-height: 18px; }
.permissions { list-style: none; margin: 16px 0; padding: 0; }
.permissions summary { padding: 4px 0 4px 16px; text-indent: -16px; cursor: pointer; }
.permissions details p { margin: 0 0 8px 16px; color: #5e5e5e; font-size: 13px; }
.check { display: flex; gap: 8px; align-items: flex-start; }
.check input { width: 18px; height: 18px; margin: 1px 0 0; }
dl { margin: 0; font-size: 12px; line-height: 18px; color: #5e5e5e; }
dt { float: left; clear: left; margin-right: 6px; } dt::after { content: ":"; } dd { margin: 0; }
@media (max-width: 480px) { main { padding: 24px; } }
footer, .hint { width: 100%; max-width: 440px; }
footer { color: #4a4a4a; font-size: 12px; line-height: 16px; text-align: center; }
`;

/** The same for the hint below the page, which is a tree of its own. */
export const hintStyles = `
* { box-sizing: border-box; }
aside { padding: 16px 24px; background: #fff; border-left: 4px solid #0067b8;
  box-shadow: 0 2px 6px rgba(0,0,0,.2); overflow-wrap: anywhere; font-size: 13px; line-height: 18px; }
h2 { margin: 0 0 8px; font-size: 15px; line-height: 20px; font-weight: 600; }
p { margin: 8px 0 0; } p:first-child { margin-top: 0; }
ul { margin: 0; padding: 0; list-style: none; }
button { width: 100%; min-height: 32px; padding: 6px 0; border: 0; background: none; color: #0067b8; font: inherit;
  text-align: left; cursor: pointer; }
button:hover { text-decoration: underline; }
button:focus-visible { outline: 2px solid #0067b8; outline-offset: 2px; }
button span { color: #5e5e5e; }
code { font-family: ui-monospace, Consolas, monospace; color: #1b1b1b; }
`;
