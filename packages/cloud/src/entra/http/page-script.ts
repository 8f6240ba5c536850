/** Lets buttons that are no submit buttons (`otherButton`) send their form, as the real pages' scripts do. */
export const pageScript = `
for (const button of document.querySelectorAll('input[data-step]')) {
  button.addEventListener('click', () => {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'step';
    field.value = button.dataset.step;
    button.form.append(field);
    button.form.submit();
  });
}
`;
