"""What the model can and can't say of each claim, and what would change it, by the trial's key."""

from docs.model.silico import SIZE_PER_CM2, SWEEP_DRAWS

LIMITS = {
    "onset": (
        "The bounds use how fast hairs are shed, how many follicles are empty and how long a "
        "new hair takes to the surface. They hold for any treatment that works through the "
        "cycle and leaves a new hair the time that it needs to come up; the bound of both at "
        "once is more than any treatment can do. The model lets some hairs come up sooner than "
        "their mean wait, which favours the claim. It says nothing about oil, swelling, styling "
        "or hope, which may make hair look fuller on the same day. What a person notices is an "
        "assumption."
    ),
    "permanence": (
        "The half-life of what exosomes change around the follicle, and the chance that a "
        "thicker hair relapses, are priors. No study measured either, so this part shows "
        "what they imply, not what happens. Months count from the first session, and shares "
        "in per cent are of the gain at week 16. In scenarios the gain is "
        f"{SIZE_PER_CM2:.0f} per cm², for show, with {SWEEP_DRAWS} draws at most. A share "
        "may rise above 100 %, as an effect may still grow after week 16. The comparison is "
        "with hair that goes on to thin without treatment: keeping all of a gain is not the "
        "same as keeping the hair."
    ),
    "persistence": (
        f"Every half-life is given an effect of {SIZE_PER_CM2:.0f} per cm² at week 16, for "
        "show, so the columns compare shapes. A hair count at week 16 can't tell one "
        "half-life from another. The model has no measurement in human scalp. In mouse "
        "skin, labelled vesicles were almost gone by day 3, and a label may outlive its "
        "vesicle. A lasting effect needs no lasting vesicles: it may come from what they "
        "changed, and the half-life of that is a prior."
    ),
    "sessions": (
        "Doses add up in proportion here, without a threshold and without wear. That is a "
        "prior: no dose and response is known in people, and no posted result compares "
        "numbers of sessions or intervals. So the model can't say that 3 to 5 is right, nor "
        "that 5 is worth its price over 3. It can say how little an interval matters while "
        "the change it leaves lasts longer than the course."
    ),
    "against-prp": (
        "The basis is indirect: each is compared with no treatment in other people, and no "
        "trial with readable results put one beside the other. Where the trials of one are "
        "few, its prior decides. So the chance tells how open the question is. It names no "
        "winner."
    ),
    "together": (
        "No study gave both. The model lets them act on the same follicles, so the second "
        "can only wake what the first left empty; whether they help or hinder each other "
        "beyond that is a prior with its middle at neither. An interaction of 25 % makes "
        "both a quarter stronger. The chance rises also with the chance that each works "
        "alone, and a treatment that may harm can only lower the better of the two."
    ),
    "lost": (
        f"Gains are hairs per cm² at week 16 with {SWEEP_DRAWS} draws at most; the shares "
        f"lost, the rates and the {SIZE_PER_CM2:.0f} per cm² are for show. Lost follicles "
        "are taken to be of the sizes of the living ones, which favours the claim. The rate "
        "is 0 unless a user asks for another, because nothing shows that it is more. Hair "
        "counts can't tell a revived follicle from a resting one that woke, so a gain in "
        "counts is no support."
    ),
}

CHANGES = {
    "onset": (
        "Counts by trichoscopy at weeks 1 and 2, read blind, with a control; or a "
        "measurement of the time from a woken follicle to a hair that can be seen."
    ),
    "permanence": (
        "Blind hair counts with a control at 6, 12 and 24 months after the last session."
    ),
    "persistence": (
        "Labelled vesicles followed in human skin, or hair counts at many visits in one trial."
    ),
    "sessions": (
        "One trial that compares numbers of sessions, or intervals, with blind hair counts."
    ),
    "against-prp": ("The posted result of a trial that gives one or the other by lot."),
    "together": ("A trial with arms for each alone and for both."),
    "lost": (
        "The same follicles followed one by one, or biopsies, where scars stood for "
        "follicles before treatment and hair after it."
    ),
}
