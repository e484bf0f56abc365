/* Copying the text of a box by the old command: on plain http there is no other. */
(function () {
  'use strict';
  var live = document.getElementById('live');

  Array.prototype.forEach.call(document.querySelectorAll('[data-copy]'), function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var box = document.getElementById(button.dataset.copy);
      var done = false;
      box.focus();
      box.select();
      try { done = document.execCommand('copy'); } catch (error) { done = false; }
      button.textContent = done ? button.dataset.copied : button.dataset.byHand;
      if (live) live.textContent = button.textContent;
    });
  });
})();
