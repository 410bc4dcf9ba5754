-- MySQL calls the collation utf8mb4_0900_bin.
CREATE TABLE IF NOT EXISTS images (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
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
    min_disk INTEGER NOT NULL,
    min_ram INTEGER NOT NULL,
    protected BOOLEAN NOT NULL,
    os_hidden BOOLEAN NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    deleted_at DATETIME(6),
    CONSTRAINT images_min_disk CHECK (min_disk >= 0),
    CONSTRAINT images_min_ram CHECK (min_ram >= 0)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS image_properties (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    image_id INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT image_properties_image FOREIGN KEY (image_id) REFERENCES images (id),
    CONSTRAINT image_properties_once UNIQUE (image_id, name)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS image_tags (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    image_id INTEGER NOT NULL,
    value VARCHAR(255) NOT NULL,
    CONSTRAINT image_tags_image FOREIGN KEY (image_id) REFERENCES images (id),
    CONSTRAINT image_tags_once UNIQUE (image_id, value)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS image_locations (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    image_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT image_locations_image FOREIGN KEY (image_id) REFERENCES images (id),
    CONSTRAINT image_locations_once UNIQUE (image_id, position)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS image_members (
    id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY,
    image_id INTEGER NOT NULL,
    member VARCHAR(255) NOT NULL,
    status TEXT NOT NULL,
    CONSTRAINT image_members_image FOREIGN KEY (image_id) REFERENCES images (id),
    CONSTRAINT image_members_once UNIQUE (image_id, member)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
