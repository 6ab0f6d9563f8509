"""Two projects told in full, modelled on real ones: Mulhouse, and a basin across départements 51 and 52."""

from typing import Any

BASIN: dict[str, Any] = {  # drawn from communes of two départements, around the three towns
    "name": "Chaumont, Saint-Dizier, Vitry-le-François",
    "communes": ("52121", "52448", "51649", "52331", "52550", "51248", "51016"),
}
HOLDERS = {
    "tremplin": "Maison des neurodiversités de Mulhouse",
    "boostes": "Bassins en mouvement, Marne et Haute-Marne",
}

TOLD: dict[str, dict[str, Any]] = {
    "tremplin": {
        "title": "Tremplin vers l’autonomie",
        "domain": "inclusion",
        "themes": ["disability", "mentoring"],
        "publics": {"graduate": 0.7, "firm": 0.3},
        "summary": (
            "Des diplômés autistes de bac+3 à bac+5 avancent vers l’emploi {a} : accompagnement individuel, parrainage "
            "par des salariés d’entreprises voisines, sensibilisation dans les TPE-PME."
        ),
        "need": (
            "Dans le bassin {de}, des jeunes autistes obtiennent une licence ou un master, puis restent chez leurs "
            "parents. L’entretien d’embauche, le bruit, les consignes implicites les écartent avant que leurs "
            "compétences soient vues.\n\nLes petites entreprises que nous avons rencontrées disent vouloir essayer et "
            "ne pas savoir comment. Aucun service ne relie aujourd’hui les deux."
        ),
        "solution": (
            "Chaque personne est suivie par une référente et parrainée par un salarié d’une entreprise voisine, deux "
            "heures par mois pendant neuf mois. Elle décide seule de ce qui est dit d’elle.\n\nLes entreprises "
            "reçoivent une séance d’une heure et demie, puis un appui pour l’accueil : consignes écrites, lieu calme, "
            "horaires stables. {n} participants sont attendus en deux ans, salariés sensibilisés compris."
        ),
        "activities": (
            "Le projet prévoit un accompagnement individuel toutes les deux semaines, le parrainage par des salariés "
            "d’entreprises du bassin, des ateliers sur les codes du travail par groupes de six, et des séances de "
            "sensibilisation dans quarante TPE-PME."
        ),
        "innovation": (
            "Le parrainage vient du monde ordinaire du travail. L’entreprise est accompagnée autant que la personne, "
            "et garde un numéro à appeler pendant six mois."
        ),
    },
    "boostes": {
        "title": "Boostes Ton Job",
        "domain": "territories",
        "themes": ["career_change", "mobility", "firms"],
        "publics": {"cadre": 0.6, "graduate": 0.2, "firm": 0.2},
        "summary": (
            "Visites d’entreprises, réseau et reconversion pour retravailler près de chez soi entre Chaumont, "
            "Saint-Dizier et Vitry-le-François, sur un bassin qui traverse deux départements."
        ),
        "need": (
            "Entre Chaumont, Saint-Dizier et Vitry-le-François, on travaille d’un département à l’autre, mais les "
            "services s’arrêtent à la limite. Les cadres et les techniciens sans emploi ignorent les besoins d’une "
            "usine située à vingt minutes.\n\nLes PME de la métallurgie, du bois et des services recrutent sans "
            "annonce, persuadées que personne ne viendra."
        ),
        "solution": (
            "Un même groupe découvre douze entreprises en six mois, de part et d’autre de la limite départementale. "
            "Les visites ouvrent le réseau ; le réseau ouvre les essais ; un conseiller accompagne les reconversions."
            "\n\nNous suivons chaque participant à la sortie et six mois plus tard. {n} personnes sont attendues."
        ),
        "activities": (
            "Le projet prévoit une visite d’entreprise tous les quinze jours, des déjeuners réseau dans les trois "
            "villes, des ateliers de reconversion, des essais de deux semaines et un covoiturage entre participants."
        ),
        "innovation": (
            "Le périmètre est celui des trajets réels. Trois intercommunalités et deux départements partagent pour la "
            "première fois la même équipe."
        ),
    },
}
