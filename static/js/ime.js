/* Pinyin composition: no request and no submit before the word is chosen. Loads before htmx. */
(function () {
  'use strict';
  document.addEventListener('input', function (event) {
    if (event.isComposing) event.stopImmediatePropagation();
  }, true);
  document.addEventListener('compositionend', function (event) {
    event.target.dispatchEvent(new Event('input', { bubbles: true }));
  });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229)) {
      event.stopPropagation();
    }
  }, true);
})();
