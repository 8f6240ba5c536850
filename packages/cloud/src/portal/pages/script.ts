/**
 * What pages gain where scripts run, and nothing needs: buttons that copy, "Select all" that ticks the boxes at
 * once, buttons that can't be pressed twice. Everything else is links and forms.
 */
export const script = `
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const status = document.getElementById('status');
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      status.textContent = button.dataset.what + ' copied';
      button.textContent = 'Copied';
    } catch {
      // A browser that lets no page copy: the person does it.
      getSelection().selectAllChildren(button.previousElementSibling);
      status.textContent = button.dataset.what + ' selected';
      button.textContent = 'Press Ctrl+C';
    }
  });
}
for (const all of document.querySelectorAll('input[data-selects]')) {
  const boxes = [...document.querySelectorAll('#' + all.dataset.selects + ' input[type=checkbox]')];
  all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener('change', () => {
    all.checked = boxes.every((candidate) => candidate === all || candidate.checked);
  });
}
const submitButtons = (root) => root.querySelectorAll('button[type=submit]');
document.addEventListener('submit', ({ target }) => {
  // After the form was read: what is disabled is not sent.
  setTimeout(() => { for (const button of submitButtons(target)) button.disabled = true; });
});
addEventListener('pageshow', () => { for (const button of submitButtons(document)) button.disabled = false; });
`;
