"""Themes of projects in other words: what people write when they mean them. Sentences of our own, in French."""

THEMES: dict[str, tuple[str, ...]] = {
    "first_job": (
        "premier emploi",
        "jeunes diplômés qui cherchent leur premier contrat",
        "entrer dans la vie professionnelle à la fin des études supérieures",
        "étudiants sans expérience, débuts de carrière, insertion des moins de vingt-six ans",
    ),
    "return_to_work": (
        "retour à l’emploi",
        "chômeurs de longue durée, demandeurs d’emploi, allocataires de minima sociaux",
        "retravailler après des années sans activité",
        "remobiliser des personnes éloignées du marché du travail",
    ),
    "career_change": (
        "reconversion professionnelle",
        "changer de métier, apprendre une autre profession",
        "quitter son secteur pour un nouveau domaine",
        "formation d’adultes vers un métier différent, seconde carrière",
    ),
    "mentoring": (
        "parrainage et mentorat",
        "un bénévole expérimenté accompagne une personne dans la durée",
        "tandem entre un professionnel et un jeune, tuteur, marraine, filleul",
        "partager ses conseils et son réseau, écoute individuelle",
    ),
    "disability": (
        "handicap et neurodiversité",
        "travailleurs handicapés, reconnaissance de la qualité de travailleur handicapé",
        "autisme, troubles dys, surdité, cécité, mobilité réduite",
        "adapter un poste de travail, accessibilité, emploi accompagné",
    ),
    "burn_out": (
        "après un burn-out",
        "épuisement professionnel, dépression, souffrance au travail",
        "reprendre son activité après un arrêt maladie psychologique",
        "stress, surcharge, santé mentale des salariés",
    ),
    "seniors": (
        "seniors",
        "salariés expérimentés de plus de cinquante ans",
        "fin de carrière, proche de la retraite, discrimination liée à l’âge",
        "travailleurs âgés que l’on n’embauche plus",
    ),
    "equality": (
        "égalité entre les femmes et les hommes",
        "femmes dans les métiers masculins, écarts de rémunération entre les sexes",
        "mères, grossesse, stéréotypes de genre, sexisme",
        "carrières féminines, mixité professionnelle, femmes cheffes d’entreprise",
    ),
    "refugees": (
        "personnes réfugiées",
        "demandeurs d’asile, migrants, étrangers qui ont quitté leur pays",
        "apprendre la langue française et faire valoir un diplôme étranger",
        "intégration de personnes venues d’un pays en guerre",
    ),
    "rural": (
        "ruralité",
        "petites communes, villages, campagnes, zones peu denses",
        "territoires isolés éloignés des villes et des services publics",
        "revitaliser un bourg, habitants de la montagne, vie locale à la campagne",
    ),
    "priority_districts": (
        "quartiers prioritaires de la politique de la ville",
        "habitants des cités et des banlieues populaires",
        "jeunes de quartier, grands ensembles, logements sociaux, tours et barres",
        "discriminations liées à l’adresse, quartiers défavorisés",
    ),
    "mobility": (
        "mobilité",
        "se rendre au travail sans voiture, transport, trajet domicile-travail",
        "permis de conduire, garage solidaire, location de véhicule",
        "covoiturage, vélo, autobus, navette",
    ),
    "firms": (
        "recrutement dans les TPE-PME",
        "petites entreprises locales qui peinent à embaucher",
        "artisans, commerçants et patrons qui cherchent du personnel",
        "pénurie de main-d’œuvre, offres d’emploi non pourvues, aide aux employeurs",
    ),
    "self_employment": (
        "travail indépendant et création d’activité",
        "créer son entreprise, entrepreneur, auto-entrepreneur",
        "être à son compte, trouver ses clients, statut d’indépendant",
        "incubateur, microcrédit, porteur d’un projet de commerce",
    ),
    "green_skills": (
        "métiers de la transition écologique",
        "formation aux énergies renouvelables, solaire, éolien, rénovation thermique",
        "métiers verts, climat, carbone, biodiversité, eau",
        "agroécologie, écoconstruction, industrie décarbonée",
    ),
    "digital": (
        "numérique et nouvelles formes de travail",
        "informatique, développement web, programmation, ordinateurs, internet",
        "inclusion numérique, illectronisme, démarches en ligne",
        "télétravail, plateformes, coworking, intelligence artificielle",
    ),
    "childcare": (
        "garde d’enfants",
        "crèche, assistante maternelle, nourrice, petite enfance",
        "parents qui travaillent à des horaires décalés et doivent faire garder leurs enfants",
        "accueil des bébés, sortie d’école, familles monoparentales",
    ),
    "housing": (
        "logement",
        "se loger, loyer, location d’un appartement, hébergement",
        "sans-abri, personnes sans domicile, mal-logement",
        "résidence pour jeunes actifs, caution, bail, propriétaire",
    ),
    "food": (
        "alimentation et circuits courts",
        "agriculture locale, légumes, maraîchage, produits fermiers",
        "aide alimentaire, repas, cuisine, cantine",
        "gaspillage de nourriture, épicerie, manger mieux",
    ),
    "reuse": (
        "réemploi et réparation",
        "récupérer des objets usagés, recyclerie, deuxième vie",
        "réparer des appareils, des meubles et des vêtements d’occasion",
        "déchets transformés, collecte et revente de matériaux",
    ),
}
