/** One style sheet for all pages, near to Microsoft's admin centre; colours meet WCAG AA on their grounds. */
export const styles = `
:root { color-scheme: light; --blue: #0067b8; --line: #d6d6d6; --muted: #595959; }
* { box-sizing: border-box; }
body { margin: 0; background: #faf9f8; color: #1b1b1b;
  font: 14px/20px "Segoe UI", "Segoe UI Web", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--blue); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible,
summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid #1b1b1b; outline-offset: 2px; }
.skip { position: absolute; left: -999px; top: 0; padding: 8px 12px; background: #fff; z-index: 1; }
.skip:focus { left: 0; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 6px 16px; min-height: 48px;
  background: var(--blue); color: #fff; }
.top a { color: #fff; } .top > a { text-decoration: none; font-weight: 600; font-size: 16px; margin-right: auto; }
.top a:focus-visible, .top button:focus-visible { outline-color: #fff; }
.who { text-align: right; line-height: 16px; font-size: 12px; overflow-wrap: anywhere; }
.who strong { display: block; font-size: 13px; }
.top button { min-width: 0; background: transparent; border-color: #fff; }
.top button:hover { background: #00457c; }
.frame { display: grid; grid-template-columns: 208px minmax(0, 1fr); min-height: calc(100vh - 48px); }
.areas { background: #fff; border-right: 1px solid var(--line); padding: 12px 0; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: 8px 16px; color: inherit; text-decoration: none; border-left: 3px solid transparent; }
nav li a:hover { background: #f0f0f0; }
nav li a[aria-current] { background: #e8f1f9; border-left-color: var(--blue); font-weight: 600; }
main { padding: 16px 24px 40px; max-width: 1160px; width: 100%; overflow-wrap: anywhere; }
.trail { color: var(--muted); font-size: 13px; margin: 0 0 8px; }
.trail li { display: inline; padding: 0; } .trail li + li::before { content: "›"; margin: 0 6px; }
.trail a { display: inline; padding: 0; color: var(--blue); text-decoration: underline; border: 0; }
h1 { font-size: 24px; line-height: 32px; font-weight: 600; margin: 0 0 16px; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; margin: 24px 0 8px; }
p { margin: 0 0 12px; max-width: 760px; }
.muted { color: var(--muted); }
.unfolding { display: none; }
.with-blades { display: grid; grid-template-columns: 192px minmax(0, 1fr); gap: 24px; }
.blades.roomy { border-right: 1px solid var(--line); }
.commands { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 16px; padding: 0 0 12px; align-items: center; border-bottom: 1px solid var(--line); }
.card > :last-child { margin-bottom: 0; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 4px; padding: 16px; margin: 0 0 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 16px; padding: 0; margin: 0; list-style: none; }
.tiles a { display: block; height: 100%; padding: 16px; background: #fff; border: 1px solid var(--line); border-radius: 4px;
  text-decoration: none; color: inherit; }
.tiles a:hover { border-color: var(--blue); box-shadow: 0 2px 6px rgba(0,0,0,.12); }
.tiles strong { display: block; font-size: 16px; color: var(--blue); margin-bottom: 4px; }
dl { margin: 0; display: grid; grid-template-columns: minmax(160px, 220px) minmax(0, 1fr); gap: 8px 16px; }
dt { color: var(--muted); } dd { margin: 0; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
code, pre, textarea, .value { font: 13px/20px ui-monospace, "Cascadia Code", Consolas, "Liberation Mono", monospace; }
form { margin: 0; }
label, legend { font-weight: 600; } legend { padding: 0; }
.field { margin: 0 0 16px; } .field > label { display: block; margin-bottom: 4px; }
.hint { display: block; color: var(--muted); font-size: 13px; line-height: 18px; margin: 2px 0 4px; font-weight: 400; }
input[type=text], input[type=password], input[type=url], input[type=search], input[type=date], input[type=number], select, textarea {
  width: 100%; max-width: 480px; min-height: 32px; padding: 4px 8px; border: 1px solid #767676; border-radius: 2px;
  background: #fff; color: inherit; font-family: inherit; font-size: inherit; }
textarea { max-width: none; min-height: 480px; font-family: ui-monospace, Consolas, monospace; }
[aria-invalid=true] { border-color: #a80000; }
fieldset { border: 0; padding: 0; margin: 0 0 16px; min-width: 0; }
.choice { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 2px 8px; margin: 6px 0; align-items: start; }
.choice input { width: 16px; height: 16px; margin: 2px 0 0; accent-color: var(--blue); }
.choice label { font-weight: 400; } .choice .hint { grid-column: 2; margin: 0; }
button, .button { display: inline-block; min-width: 80px; min-height: 32px; padding: 5px 12px; border: 1px solid var(--blue); border-radius: 2px;
  background: var(--blue); color: #fff; font: inherit; line-height: 20px; cursor: pointer; text-decoration: none; text-align: center; }
button:hover, .button:hover { background: #00518f; }
.secondary { background: #fff; color: var(--blue); } .secondary:hover { background: #e8f1f9; }
.danger { background: #a80000; border-color: #a80000; } .danger:hover { background: #7f0000; }
button:disabled { background: #f0f0f0; border-color: #c8c8c8; color: #616161; cursor: not-allowed; }
.copy { min-width: 0; min-height: 24px; padding: 1px 8px; font-size: 12px; margin-left: 6px; background: #fff; color: var(--blue); }
.copy:hover { background: #e8f1f9; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; align-items: center; }
.notice { border: 1px solid; border-left-width: 4px; border-radius: 2px; padding: 8px 12px; margin: 0 0 16px; max-width: 900px; }
.good { border-color: #0b6a0b; background: #f1faf1; } .bad { border-color: #a80000; background: #fdf3f4; }
.note { border-color: var(--blue); background: #f3f8fc; }
.granted { color: #0b6a0b; font-weight: 600; } .ungranted { color: #8a4b00; font-weight: 600; }
.granted::before { content: "✓ "; } .ungranted::before { content: "⚠ "; }
.table { display: table; width: 100%; border-collapse: collapse; background: #fff; border: 1px solid var(--line); margin: 0 0 16px; }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid #e5e5e5; vertical-align: top; overflow-wrap: break-word; }
td:first-child { overflow-wrap: anywhere; min-width: 110px; } td .long { display: inline-block; min-width: 120px; } .value, .long { overflow-wrap: anywhere; }
th { font-weight: 600; background: #f5f5f5; } td form, li form { display: inline; } .uris { padding-left: 20px; } .uris li { padding: 2px 0; }
td summary { white-space: nowrap; } details summary { cursor: pointer; color: var(--blue); } details[open] summary { margin-bottom: 8px; }
.cards { list-style: none; margin: 0; padding: 0; }
.facts { grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 8px 24px; margin-bottom: 12px; } .facts dd { margin: 0; }
td pre { min-width: 240px; } td details:not([open]) pre { display: none; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px 24px; border-bottom: 1px solid var(--line); margin: 0 0 16px; }
.tabs a { padding: 8px 0; color: inherit; text-decoration: none; border: 0; border-bottom: 3px solid transparent; }
.tabs a[aria-current] { border-bottom-color: var(--blue); font-weight: 600; background: none; }
.search { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; margin: 0 0 16px; } .search .field { margin: 0; flex: 0 1 400px; } .search .field:has(select) { flex-basis: 160px; }
.kinds { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; }
.kinds .choice { border: 1px solid var(--line); border-radius: 4px; padding: 12px; background: #fff; margin: 0; }
.kinds .choice:has(:checked) { border-color: var(--blue); box-shadow: inset 0 0 0 1px var(--blue); }
.custom-days { display: none; } form:has(#days-custom:checked) .custom-days { display: block; }
input[type=file] { max-width: 100%; }
.panel { display: none; }
form:has(#kind-delegated:checked) #delegated, form:has(#kind-application:checked) #application { display: block; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 760px) {
  .frame, .with-blades { display: block; }
  .roomy { display: none; } .unfolding { display: block; }
  .unfolding summary { padding: 10px 16px; } .unfolding a { padding: 10px 16px; }
  .areas { border-right: 0; border-bottom: 1px solid var(--line); padding: 0; }
  .blades { border: 1px solid var(--line); border-radius: 4px; background: #fff; margin-bottom: 16px; }
  main { padding: 16px; }
  dl { display: block; } dd, .facts dd { margin-bottom: 12px; } td pre { min-width: 0; }
  .table, .table tbody, .table tr, .table td { display: block; } .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { border-bottom: 1px solid var(--line); padding: 8px 0; } .table td { border: 0; padding: 3px 12px; }
  .table td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); }
}
`;
