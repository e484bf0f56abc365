/* The sum of weights while they are typed: of each heading, and of the whole. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-weights]');
  if (!form) return;
  var words = form.dataset;
  var rows = Array.prototype.slice.call(form.querySelectorAll('tr[data-key]'));
  var whole = document.querySelector('[data-total]');

  function cents(text) {
    var value = parseFloat(String(text).replace(/[．]/g, '.'));
    return isFinite(value) ? Math.round(value * 100) : 0;
  }
  function shown(value) { return String(value / 100); }
  function weight(row) {
    var box = row.querySelector('input');
    return box ? cents(box.value) : 0;
  }
  function said(sum, wanted) {
    var text = sum === wanted ? words.same : sum < wanted ? words.less : words.more;
    return text.replace('%n', shown(sum)).replace('%m', shown(Math.abs(wanted - sum)));
  }
  function below(key) { return rows.filter(function (row) { return row.dataset.parent === key; }); }
  function sum(found) { return found.reduce(function (all, row) { return all + weight(row); }, 0); }
  function count() {
    rows.forEach(function (row) {
      var children = below(row.dataset.key), note = row.querySelector('[data-sum]');
      if (note && children.length) note.textContent = said(sum(children), weight(row));
    });
    var roots = below('').filter(function (row) { return row.dataset.kind === 'normal'; });
    var text = said(sum(roots), cents(whole.dataset.total));
    whole.textContent = text;
    Array.prototype.forEach.call(document.querySelectorAll('[data-total-said]'), function (note) {
      note.textContent = text;
    });
  }
  form.addEventListener('input', count);
  count();
})();
