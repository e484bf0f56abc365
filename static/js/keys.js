/* Keyboard shortcuts: 「/」 search, 「g」 and a letter to a page, 「?」 the list. Never an act. */
(function () {
  'use strict';
  var box = document.getElementById('keys');
  var off = document.getElementById('keys-off');
  var after = 0;
  var stored = function (value) {
    try {
      if (value === undefined) return localStorage.getItem('keys-off') === '1';
      localStorage.setItem('keys-off', value ? '1' : '0');
    } catch (error) { return false; }
    return value;
  };
  if (off) {
    off.checked = stored();
    off.addEventListener('change', function () { stored(off.checked); });
  }
  function typing(node) {
    return node.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName);
  }
  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || stored()) return;
    if (event.key === '/') {
      var find = document.getElementById('find');
      if (find) { event.preventDefault(); find.focus(); }
    } else if (event.key === '?' && box && box.showModal) {
      event.preventDefault();
      if (!box.open) box.showModal();
    } else if (event.key === 'g') {
      after = Date.now();
    } else if (Date.now() - after < 1500 && /^[a-z]$/.test(event.key)) {
      var link = document.querySelector('a[data-key="' + event.key + '"]');
      if (link) link.click();
    }
  });
})();
