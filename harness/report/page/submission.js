'use strict';
// The page is whole without this: j and k between failures, and everything unfolded on paper.
(function () {
  const failures = Array.from(document.querySelectorAll('.failure'));

  function go(step) {
    const here = document.activeElement && document.activeElement.closest('.failure');
    let next = failures.indexOf(here) + step;

    if (!here) {
      const below = failures.findIndex((f) => f.getBoundingClientRect().top > 8);
      next = step > 0 ? below : (below < 0 ? failures.length : below) - 1;
    }
    if (!failures[next]) return;
    failures[next].focus({ preventScroll: true });
    failures[next].scrollIntoView({ block: 'start' });
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') go(1);
    if (event.key === 'k') go(-1);
  });

  // A link into what is folded unfolds it.
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    const folded = target && target.closest('details');

    if (folded) {
      folded.open = true;
      target.scrollIntoView({ block: 'center' });
    }
  }
  addEventListener('hashchange', reveal);
  reveal();

  let unfolded = [];
  addEventListener('beforeprint', () => {
    unfolded = Array.from(document.querySelectorAll('details:not([open])'));
    unfolded.forEach((d) => { d.open = true; });
  });
  addEventListener('afterprint', () => unfolded.forEach((d) => { d.open = false; }));
})();
