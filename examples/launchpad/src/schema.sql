CREATE TABLE libraryfilealias (
    id INTEGER NOT NULL PRIMARY KEY,
    filename TEXT NOT NULL,
    mimetype TEXT NOT NULL
);
CREATE TABLE person (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    displayname TEXT NOT NULL,
    icon INTEGER REFERENCES libraryfilealias,
    logo INTEGER REFERENCES libraryfilealias,
    mugshot INTEGER REFERENCES libraryfilealias
);
CREATE TABLE distribution (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    displayname TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES person,
    icon INTEGER REFERENCES libraryfilealias,
    logo INTEGER REFERENCES libraryfilealias,
    mugshot INTEGER REFERENCES libraryfilealias
);
CREATE TABLE product (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    displayname TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES person,
    icon INTEGER REFERENCES libraryfilealias,
    logo INTEGER REFERENCES libraryfilealias,
    mugshot INTEGER REFERENCES libraryfilealias
);
CREATE TABLE bug (
    id INTEGER NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    owner INTEGER NOT NULL REFERENCES person,
    private BOOLEAN NOT NULL,
    heat INTEGER NOT NULL,
    datecreated TIMESTAMP NOT NULL,
    date_last_updated TIMESTAMP NOT NULL
);
CREATE INDEX bug_heat ON bug (heat DESC, id);
CREATE INDEX bug_owner ON bug (owner);
CREATE TABLE bugtask (
    id INTEGER NOT NULL PRIMARY KEY,
    bug INTEGER NOT NULL REFERENCES bug,
    distribution INTEGER NOT NULL REFERENCES distribution,
    targetnamecache TEXT NOT NULL,
    status INTEGER NOT NULL,
    importance INTEGER NOT NULL,
    assignee INTEGER REFERENCES person
);
CREATE INDEX bugtask_bug ON bugtask (bug);
CREATE INDEX bugtask_distribution ON bugtask (distribution);
CREATE TABLE bugsubscription (
    id INTEGER NOT NULL PRIMARY KEY,
    bug INTEGER NOT NULL REFERENCES bug,
    person INTEGER NOT NULL REFERENCES person,
    UNIQUE (bug, person)
);
CREATE INDEX bugsubscription_person ON bugsubscription (person);
