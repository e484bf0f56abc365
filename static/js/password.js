/* A button beside each password box that shows what was typed. Without JavaScript there is none. */
(function () {
  'use strict';
  Array.prototype.forEach.call(document.querySelectorAll('input[type=password][data-show]'), function (box) {
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn q small reveal';
    button.setAttribute('aria-controls', box.id);
    function say() {
      var shown = box.type === 'text';
      button.textContent = shown ? box.dataset.hide : box.dataset.show;
    }
    button.addEventListener('click', function () {
      box.type = box.type === 'text' ? 'password' : 'text';
      say();
      box.focus();
    });
    /* never send or remember it as plain text */
    if (box.form) box.form.addEventListener('submit', function () { box.type = 'password'; say(); });
    var row = document.createElement('div');
    row.className = 'reveal-row';
    box.parentNode.insertBefore(row, box);
    row.appendChild(box);
    row.appendChild(button);
    say();
  });
})();
