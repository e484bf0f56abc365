/* How many rows of a list are ticked for one act: 「已选3项」. Without it the act works all the same. */
(function () {
  'use strict';
  function count() {
    var form = document.getElementById('batch');
    if (!form) return;
    var picked = document.querySelectorAll('input[form="batch"]:checked').length;
    var box = form.querySelector('[data-count]');
    if (!box.dataset.empty) box.dataset.empty = box.textContent;
    box.textContent = picked ? form.dataset.picked.replace('%n', picked) : box.dataset.empty;
    form.classList.toggle('is-on', picked > 0);
  }
  document.addEventListener('change', function (event) {
    if (event.target.matches('input[form="batch"]')) count();
  });
  document.addEventListener('htmx:afterSwap', count);
  count();
})();
