// The links of the checks lead into what they name: a folded group opens, and what one types into gets the focus.
'use strict';
{
    const TYPED_INTO = '.select2-selection, input:not([type=hidden]), select, textarea, .add-row a';

    const isShown = (element) => element.getClientRects().length > 0;

    // Where somebody types who wants to change what has this identifier.
    const entryOf = (target) => {
        const row = target.closest('.form-row');
        if (target.matches('.inline-group')) {
            const entries = [...target.querySelectorAll(TYPED_INTO)];
            return entries.find((entry) => isShown(entry) && !entry.closest('.empty-form')) || target;
        }
        // The text has its editor in place of its box, and a row that is chosen a box of its own.
        const editor = row && row.querySelector('.desk-prose');
        const box = target.matches('.select2-hidden-accessible') && target.nextElementSibling;
        const chosen = box && (box.querySelector('.select2-search__field') || box.querySelector('.select2-selection'));
        return editor || chosen || target;
    };

    const unfold = (element) => {
        for (let group = element.closest('details'); group; group = group.parentElement.closest('details')) {
            group.open = true;
        }
    };

    document.addEventListener('click', (event) => {
        const link = event.target.closest('.desk-checks a[href^="#"]');
        const target = link && document.getElementById(link.hash.slice(1));
        if (!target) {
            return;
        }
        event.preventDefault();
        unfold(target);
        const entry = entryOf(target);
        entry.focus({ preventScroll: true });
        entry.scrollIntoView({ block: 'center' });
    });
}
