// Says to those who do not see the page what each box for choosing is for: its widget says it to nobody.
'use strict';
{
    const $ = django.jQuery;

    const nameOf = (select) => {
        const label = select.labels[0];
        return select.getAttribute('aria-label') || (label ? label.textContent.trim().replace(/:$/, '') : '');
    };

    const nameBox = (select) => {
        const box = $(select).next('.select2-container');
        box.find('.select2-selection').attr({'aria-label': nameOf(select)}).removeAttr('aria-labelledby');
        box.find('[role=textbox]').removeAttr('role aria-readonly');
        box.find('.select2-search__field').attr('aria-label', nameOf(select));
    };

    const nameBoxes = (root) => $(root).find('select.select2-hidden-accessible').each((_, select) => nameBox(select));

    // After the widgets were made: jQuery keeps the order in which it was asked.
    $(() => {
        nameBoxes(document);
        $('th.original').html('<span class="visually-hidden">Row</span>');
    });
    document.addEventListener('formset:added', (event) => setTimeout(() => nameBoxes(event.target)));
    $(document).on('select2:open', (event) => {
        $('.select2-container--open .select2-search__field').attr('aria-label', nameOf(event.target));
    });
}
