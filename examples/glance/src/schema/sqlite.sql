CREATE TABLE IF NOT EXISTS images (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    status TEXT NOT NULL,
    visibility TEXT NOT NULL,
    owner TEXT,
    size BIGINT,
    virtual_size BIGINT,
    checksum TEXT,
    os_hash_algo TEXT,
    os_hash_value TEXT,
    disk_format TEXT,
    container_format TEXT,
    min_disk INTEGER NOT NULL CONSTRAINT images_min_disk CHECK (min_disk >= 0),
    min_ram INTEGER NOT NULL CONSTRAINT images_min_ram CHECK (min_ram >= 0),
    protected BOOLEAN NOT NULL,
    os_hidden BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);
CREATE TABLE IF NOT EXISTS image_properties (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL CONSTRAINT image_properties_image REFERENCES images,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT image_properties_once UNIQUE (image_id, name)
);
CREATE TABLE IF NOT EXISTS image_tags (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL CONSTRAINT image_tags_image REFERENCES images,
    value TEXT NOT NULL,
    CONSTRAINT image_tags_once UNIQUE (image_id, value)
);
CREATE TABLE IF NOT EXISTS image_locations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL CONSTRAINT image_locations_image REFERENCES images,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT image_locations_once UNIQUE (image_id, position)
);
CREATE TABLE IF NOT EXISTS image_members (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    image_id INTEGER NOT NULL CONSTRAINT image_members_image REFERENCES images,
    member TEXT NOT NULL,
    status TEXT NOT NULL,
    CONSTRAINT image_members_once UNIQUE (image_id, member)
);
