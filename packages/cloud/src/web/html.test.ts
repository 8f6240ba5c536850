import { expect, it } from 'vitest';
import { html } from './html.ts';

it('escapes values and leaves HTML as it is', () => {
  const name = `"><script>alert('x')</script>&`;
  expect(html`<p title="${name}">${html`<b>${name}</b>`}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"><b>&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</b></p>',
  );
});

it('joins lists and leaves out what is undefined', () => {
  expect(html`<ul>${[html`<li>1</li>`, html`<li>2</li>`]}${undefined}</ul>`.text).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});
