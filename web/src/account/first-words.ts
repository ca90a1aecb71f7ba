/** Words that people make passwords of at work, beside those of the lists that are loaded: French ones above all. */
export const FIRST_WORDS: readonly string[] = (
  'abricot accueil administrateur administration agence agriculture alexandre amour ange anniversaire aout armee assemblee ' +
  'automne autorite avril azerty bateau bienvenue bisou bonheur bonjour bonsoir bordeaux bretagne bureau cabinet camille ' +
  'capitale caroline cellule centrale changemoi chat chaton chaussette cheval chien chocolat chouchou coeur collectivite ' +
  'commission commune compta comptabilite conference confidentiel conseil consulat coucou courage culture decembre defense ' +
  'delegation departement depute diplomatie directeur direction directrice dimanche doudou ecole economie education election ' +
  'elysee energie environnement equipe espoir etat ete europe famille fevrier fidelite finances fleur football formation ' +
  'fraternite france francais gendarmerie gouvernement grenoble guerre hiver hopital identifiant informatique interieur ' +
  'janvier jardin jetaime jeudi juillet juin julien justice lapin liberte lille loulou lumiere lundi lune lyon maison ' +
  'maire mairie maman marche mardi mars marseille matignon medecin mercredi messagerie ministere ministre montagne ' +
  'montpellier motdepasse municipal nantes naturel nicolas noel novembre nuage octobre oiseau outremer papa papillon paris ' +
  'parlement passe patrimoine police prefecture prefet premier president presidence prefecture printemps provence ' +
  'publique rectorat recherche region renouveau rennes republique reunion sante samedi securite secretaire secretariat ' +
  'senat senateur septembre service soleil sport stagiaire strasbourg telephone territoire toulouse tournesol transport ' +
  'travail tribunal union utilisateur vacances vendredi victoire village ville visio visioconference voiture voyage ' +
  'welcome winter spring summer autumn january february march april june july august september october november december ' +
  'monday tuesday wednesday thursday friday saturday sunday secret password changeme letmein admin administrator company ' +
  'corporate department employee government intern internal ministry minister office parliament president republic ' +
  'security service support temporary training user meeting conference videoconference london england britain'
).split(' ')
